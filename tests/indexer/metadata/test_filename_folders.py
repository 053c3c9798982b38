"""Folders that are no shows, dates in the names of folders, and the link in front matter."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.transcripts.packed import zipped

from indexer.metadata.filename import facts_from_name
from indexer.readers import read_bytes


@pytest.mark.parametrize(
    ("path", "show", "date"),
    [
        ("/p/回声机房/srt/海底的光.srt", "回声机房", None),
        ("/p/回声机房/Transcripts/raw/x.srt", "回声机房", None),
        ("/p/回声机房/2022/03/x.srt", "回声机房", "2022-03"),
        ("/p/回声机房/2022/03/srt/x.srt", "回声机房", "2022-03"),
        ("/p/回声机房/2022年/3月/x.srt", "回声机房", "2022-03"),
        ("/p/回声机房/2022/2022-03/x.srt", "回声机房", "2022-03"),
        ("/p/回声机房/2022.03/x.srt", "回声机房", "2022-03"),
        ("/p/回声机房/202203/x.srt", "回声机房", "2022-03"),
        ("/p/回声机房/2022/字幕/x.srt", "回声机房", "2022"),
        ("/p/回声机房/2022/2022-03-15/x.srt", "回声机房", "2022-03-15"),
        ("/p/回声机房.zip/2022/03/x.srt", "回声机房", "2022-03"),
        ("/p/2022/回声机房/x.srt", "回声机房", None),
        ("/p/2022/第3季/x.srt", "第3季", None),
        ("/p/回声机房/12/03/x.srt", "回声机房", None),
        ("/p/回声机房/03/x.srt", "回声机房", None),
        ("/p/回声机房/2022/13/x.srt", "回声机房", "2022"),
        ("/p/回声机房/2022-2/x.srt", "回声机房", None),
        ("/p/回声机房/2922/x.srt", "2922", None),
        ("/p/回声机房/2099/x.srt", "回声机房", None),
        ("/p/回声机房/2022/03/15/x.srt", "回声机房", "2022-03-15"),
        ("/p/回声机房/2022-03-15/talk.srt", "回声机房", "2022-03-15"),
        ("/p/回声机房/2022-03-15/2025-06-08 talk.srt", "回声机房", "2025-06-08"),
        ("/p/回声机房/2022年03月/字幕/x.srt", "回声机房", "2022-03"),
        ("/p/回声机房.zip/srt/x.srt", "回声机房", None),
        ("/p/回声机房/db/2020/12/srt/x.srt", "回声机房", "2020-12"),
        ("/2025-01-01/回声机房/db/2020/12/srt/x.srt", "回声机房", "2020-12"),
        ("/srt/x.srt", "srt", None),
        ("/p/raw materials/x.srt", "raw materials", None),
    ],
)
def test_show_and_date_come_from_the_folders_that_say_them(path: str, show: str, date: str | None) -> None:
    facts = facts_from_name(Path(path))
    assert (facts.show, facts.date) == (show, date)


@pytest.mark.parametrize(
    ("folders", "date"),
    [
        (("2022/01", "2022/02", "2022/15"), "2022"),  # lectures of a year
        (("2022/1", "2022/02", "2022/第3讲"), "2022-01"),
        (("2011-12", "2012-13"), None),  # the years of a university
        (("2022-01", "2022-53"), None),  # weeks
        (("2022-01", "13"), "2022-01"),
        (("2022-01", "2022-02-30"), "2022-01"),
    ],
)
def test_numbers_are_no_months_where_one_beside_them_is_none(tmp_path: Path, folders: tuple[str], date: str) -> None:
    for folder in folders:
        (tmp_path / "show" / folder).mkdir(parents=True)
    assert facts_from_name(tmp_path / "show" / folders[0] / "x.srt").date == date
    zipped(tmp_path / "show.zip", {f"{folder}/x.srt": "" for folder in folders})
    assert facts_from_name(tmp_path / "show.zip" / folders[0] / "x.srt").date == date
    zipped(tmp_path / "all.zip", {f"show/{folder}/x.srt": "" for folder in folders})
    assert facts_from_name(tmp_path / "all.zip" / "show" / folders[0] / "x.srt").date == date


def test_archives_are_named_beside_one_another_as_folders_are(tmp_path: Path) -> None:
    for year, month in (("2021", "13"), ("2021", "03"), ("2022", "12"), ("2022", "03")):
        (tmp_path / year).mkdir(exist_ok=True)
        zipped(tmp_path / year / f"{month}.zip", {"x.srt": ""})
    assert facts_from_name(tmp_path / "2021" / "03.zip" / "x.srt").date == "2021"
    assert facts_from_name(tmp_path / "2022" / "03.zip" / "x.srt").date == "2022-03"


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("date: 2025-06", "2025-06"),
        ("date: '2025'", "2025"),
        ("date: 2025年6月", "2025-06"),
        ("date: 2025-06-08 10:00", "2025-06-08"),
        ("date: 20250608", None),
        ("date: 2025-13", None),
    ],
)
def test_the_date_of_front_matter_may_be_a_month_or_a_year(line: str, date: str | None) -> None:
    text = f"---\ntitle: 山\n{line}\n---\n\n[00:00:01] 今天聊山\n\n[00:00:05] 山很高\n"
    assert read_bytes("a.md", text.encode()).facts.get("date") == date


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("5521-20250608_183509-海底", "5521-183509-海底"),
        ("回声机房 - 2025-06-08 - 海底", "回声机房 - 海底"),
        ("第5期 2025-06-08 - 海底", "第5期 - 海底"),
        ("海底 (2025-06-08) 上", "海底 上"),
        ("第5期【20250608】海底", "第5期 海底"),
        ("海底20250608上", "海底 上"),
        ("a_2025-06-08_b", "a b"),
        ("海底 (2025-06-08)", "海底"),
        ("2025-06-08", "2025-06-08"),
    ],
)
def test_a_date_leaves_no_hole_in_a_title(name: str, title: str) -> None:
    facts = facts_from_name(Path(f"/p/{name}.srt"))
    assert (facts.title, facts.date) == (title, "2025-06-08")


@pytest.mark.parametrize(
    ("line", "link"),
    [
        ("url: https://example.org/5", "https://example.org/5"),
        ('link: "http://example.org/5"', "http://example.org/5"),
        ("url: javascript:alert(1)", None),
        ("url: https://example.org/5 and more", None),
    ],
)
def test_the_link_of_front_matter_is_taken(line: str, link: str | None) -> None:
    text = f"---\ntitle: 山\n{line}\n---\n\n[00:00:01] 今天聊山\n\n[00:00:05] 山很高\n"
    assert read_bytes("a.md", text.encode()).facts.get("link") == link
