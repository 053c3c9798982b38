"""Episode facts: from names, from the nearest `podcast.toml`, and what happens when that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.core.types import Chapter, Facts
from indexer.dry_run import preview
from indexer.metadata.fact_finder import FactFinder
from indexer.metadata.filename import facts_from_name, readable_id
from indexer.metadata.sidecar import SIDECAR


@pytest.mark.parametrize(
    ("name", "date", "title"),
    [
        ("2025-06-08 海底的光", "2025-06-08", "海底的光"),
        ("20250608_海底的光", "2025-06-08", "海底的光"),
        ("2025.6.8-海底的光", "2025-06-08", "海底的光"),
        ("2025_06_08_海底_的光", "2025-06-08", "海底 的光"),
        ("2025年6月8日 海底的光", "2025-06-08", "海底的光"),
        ("海底的光 20251105", "2025-11-05", "海底的光"),
        ("第12期 1999-12-31", "1999-12-31", "第12期"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("2023-02-29 不存在的一天", None, "2023-02-29 不存在的一天"),
        ("2025-13-01 没有的月", None, "2025-13-01 没有的月"),
        ("第2025期", None, "第2025期"),
        ("1920x1080", None, "1920x1080"),
        ("120250608", None, "120250608"),
        ("2025-06.08", None, "2025-06.08"),
        ("海底的光", None, "海底的光"),
    ],
)
def test_a_date_in_a_file_name_is_found_and_the_rest_is_the_title(name: str, date: str | None, title: str) -> None:
    facts = facts_from_name(Path("/回声机房") / f"{name}.srt")
    assert (facts.date, facts.title, facts.show) == (date, title, "回声机房")


@pytest.mark.parametrize("name", ["202511 月刊", "EP200011", "2025112", "1920108"])
def test_six_or_seven_digits_are_no_date(name: str) -> None:
    assert facts_from_name(Path(f"/s/{name}.srt")).date is None


@pytest.mark.parametrize(
    ("name", "language", "title"),
    [
        ("茶.zh", "zh", "茶"),
        ("茶.zh-Hans", "zh-Hans", "茶"),
        ("tea.en", "en", "tea"),
        ("茶.yue", "yue", "茶"),
        ("v1.5", None, "v1.5"),
        ("zh", None, "zh"),
    ],
)
def test_a_language_at_the_end_of_a_name_is_taken_from_it(name: str, language: str | None, title: str) -> None:
    facts = facts_from_name(Path(f"/s/{name}.srt"))
    assert (facts.language, facts.title) == (language, title)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/talks/Echo Room/05 语音识别.srt", "echo-room/05-语音识别"),
        ("/a/ＡＢＣ/１.srt", "abc/1"),
        ("/a/!!/x.srt", "x"),
        ("/a/show/v1.5 (final).srt", "show/v1.5-final"),
        ("/x.srt", "x"),
    ],
)
def test_an_id_is_readable(path: str, expected: str) -> None:
    assert readable_id(Path(path)) == expected


def facts_with(folder: Path, sidecar: str, name: str = "talk.zh.srt") -> tuple[Facts, str | None, list[str]]:
    """The facts, given id and complaints of a transcript beside a sidecar of this content."""
    (folder / SIDECAR).write_text(sidecar, "utf-8")
    finder = FactFinder()
    facts, given = finder.facts(folder / name)
    return facts, given, [complaint.what for complaint in finder.complaints]


def test_a_sidecar_gives_all_facts(tmp_path: Path) -> None:
    facts, given, complaints = facts_with(
        tmp_path,
        """
        show = "回声机房"
        title = "海底的光"
        date = 2025-06-08
        audio = "https://example.org/{stem}.mp3"
        link = "https://example.org/show#{stem}"
        language = "yue"
        offset = -12
        speakers = ["甲", "乙"]
        jump = "{link}&t={seconds}#{hh:mm:ss}"
        [episodes.talk]
        id = "light"
        guid = "urn:1"
        chapters = [{start = "12:30", title = "谈谈开源"}, {start = 0, end = 9.5, title = "开场"}]
        """,
    )
    assert facts == Facts(
        show="回声机房",
        title="海底的光",
        date="2025-06-08",
        audio="https://example.org/talk.mp3",
        link="https://example.org/show#talk",
        language="yue",
        offset=-12.0,
        speakers=("甲", "乙"),
        guid="urn:1",
        jump="{link}&t={seconds}#{hh:mm:ss}",
        chapters=(Chapter(0.0, "开场", 9.5), Chapter(750.0, "谈谈开源")),
    )
    assert given == "light"
    assert complaints == []


def test_without_a_sidecar_the_names_speak(tmp_path: Path) -> None:
    facts, given = FactFinder().facts(tmp_path / "talk.zh.srt")
    assert facts == Facts(show=tmp_path.name, title="talk", language="zh")
    assert given is None


@pytest.mark.parametrize("key", ["talk.zh.srt", "talk.zh", "talk"])
def test_one_episode_is_overridden_by_its_name_or_stem(tmp_path: Path, key: str) -> None:
    facts, given, complaints = facts_with(
        tmp_path, f'show = "总"\noffset = 1.5\n[episodes."{key}"]\ntitle = "特别"\nid = "one"\n'
    )
    assert (facts.show, facts.title, facts.offset, given) == ("总", "特别", 1.5, "one")
    assert complaints == []


def test_an_override_is_for_its_episode_only(tmp_path: Path) -> None:
    facts, given, _ = facts_with(tmp_path, '[episodes.other]\ntitle = "特别"\nid = "one"\n')
    assert (facts.title, given) == ("talk", None)


@pytest.mark.parametrize("key", ["season1/talk.srt", "season1/talk", "talk"])
def test_a_sidecar_above_names_episodes_by_path_or_name(tmp_path: Path, key: str) -> None:
    (tmp_path / "season1").mkdir()
    facts, _, _ = facts_with(tmp_path, f'[episodes."{key}"]\ntitle = "特别"\n', "season1/talk.srt")
    assert facts.title == "特别"


def test_the_nearest_sidecar_counts_alone(tmp_path: Path) -> None:
    (tmp_path / SIDECAR).write_text('show = "远"\nlanguage = "en"\n', "utf-8")
    near = tmp_path / "a"
    near.mkdir()
    (near / SIDECAR).write_text('show = "近"\n', "utf-8")
    facts, _ = FactFinder().facts(near / "talk.srt")
    assert (facts.show, facts.language) == ("近", None)


@pytest.mark.parametrize(("folder", "show"), [("a/b/c", "总"), ("a/b/c/d", "d")])
def test_a_sidecar_reaches_three_folders_down(tmp_path: Path, folder: str, show: str) -> None:
    (tmp_path / SIDECAR).write_text('show = "总"\n', "utf-8")
    assert FactFinder().facts(tmp_path / folder / "talk.srt")[0].show == show


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2025-06-08", "2025-06-08"),
        ('"2025-06-08"', "2025-06-08"),
        ("2025-06-08T20:30:00Z", "2025-06-08"),
        ("2025-06", "2025-06"),
        ('"2025-06"', "2025-06"),
        ("2025-06 # 六月", "2025-06"),
        ("2025", "2025"),
    ],
)
def test_a_date_may_be_a_day_a_time_a_month_a_year_or_a_text(tmp_path: Path, date: str, expected: str) -> None:
    assert facts_with(tmp_path, f"date = {date}\n")[0].date == expected


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("show = 3", "`show` is not a text: 3"),
        ('title = ["a"]', "`title` is not a text: ['a']"),
        ('date = "gestern"', "`date` is not a date like 2025-06-08, 2025-06 or 2025: 'gestern'"),
        ("date = '2025-13'", "`date` is not a date like 2025-06-08, 2025-06 or 2025: '2025-13'"),
        ("date = 20:30:00", "`date` is not a date like 2025-06-08, 2025-06 or 2025: datetime.time(20, 30)"),
        ('offset = "3"', "`offset` is not a number of seconds: '3'"),
        ("offset = true", "`offset` is not a number of seconds: True"),
        ('speakers = "甲"', "`speakers` is not a list of names"),
        ("speakers = [1]", "`speakers` is not a list of names"),
        ("[episodes.talk]\nid = 7", "`episodes.talk.id` is not a text: 7"),
        ("id = 'a'", "`id` stands for all episodes; give each its own under [episodes]"),
        ("guid = 'a'", "`guid` stands for all episodes; give each its own under [episodes]"),
        ("chapters = '0:01 a'", "`chapters` stands for all episodes; give each its own under [episodes]"),
        ("[episodes.talk]\nguid = 7", "`episodes.talk.guid` is not a text: 7"),
        ("[episodes.talk]\nchapters = '开场'", "`episodes.talk.chapters` has a line without a time in front: '开场'"),
        ("[episodes.talk]\nchapters = [{start = 1}]", "`episodes.talk.chapters` has no start and title in entry 1"),
        (
            "[episodes.talk]\nchapters = 3",
            '`episodes.talk.chapters` is neither lines like "12:30 title" nor tables with start and title',
        ),
        (
            "jump = '{link}?t={second}'",
            "`jump` has a place podseek does not know: {second} (link, audio, seconds, hh:mm:ss, stem, guid)",
        ),
        (
            "jump = '{link'",
            "`jump` has a place podseek does not know: {link (link, audio, seconds, hh:mm:ss, stem, guid)",
        ),
        ("episodes = 3", "`episodes` is not a table"),
        ("[episodes]\ntalk = 3", "`episodes.talk` is not a table"),
        ("[episodes.talk]\noffset = []", "`episodes.talk.offset` is not a number of seconds: []"),
    ],
)
def test_a_fact_of_the_wrong_type_is_left_out_and_said(tmp_path: Path, line: str, complaint: str) -> None:
    facts, given, complaints = facts_with(tmp_path, line + "\n")
    assert complaints == [complaint]
    assert facts == facts_from_name(tmp_path / "talk.zh.srt")
    assert given is None


@pytest.mark.parametrize("offset", ["inf", "-inf", "nan", "1" + "0" * 400])
def test_an_offset_that_is_no_time_is_left_out_and_said(tmp_path: Path, offset: str) -> None:
    facts, _, complaints = facts_with(tmp_path, f"offset = {offset}\n")
    assert facts.offset == 0
    assert len(complaints) == 1


def test_an_unknown_fact_is_left_out_and_the_known_ones_are_listed(tmp_path: Path) -> None:
    facts, _, complaints = facts_with(tmp_path, 'shwo = "错"\ntitle = "对"\n')
    assert facts.title == "对"
    assert len(complaints) == 1
    assert complaints[0].startswith("`shwo` is not a fact podseek knows")
    assert "show" in complaints[0]


@pytest.mark.parametrize("content", [b"show = ", b"show = 'a'\nshow = 'b'\n", b"\xff\xfe\x00", b"[episodes\n"])
def test_a_broken_sidecar_is_an_error_and_tells_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / SIDECAR).write_bytes(content)
    finder = FactFinder()
    facts, _ = finder.facts(tmp_path / "talk.srt")
    finder.facts(tmp_path / "other.srt")
    assert facts is None
    (complaint,) = finder.complaints
    assert complaint.fatal
    assert complaint.path == str(tmp_path / SIDECAR)


def test_a_sidecar_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    assert facts_with(tmp_path, '\ufeffshow = "总"\n')[0].show == "总"


def test_only_stem_is_filled_into_templates(tmp_path: Path) -> None:
    facts, _, _ = facts_with(tmp_path, 'audio = "{stem}/{id}/{stem}.mp3"\ntitle = "{stem}"\n')
    assert facts.audio == "talk/{id}/talk.mp3"
    assert facts.title == "{stem}"


def told_of_names(folder: Path, sidecar: str, *read: str) -> list[str]:
    """The complaints after the facts of these files of a folder were looked up."""
    (folder / SIDECAR).write_text(sidecar, "utf-8")
    finder = FactFinder()
    for name in read:
        finder.facts(folder / name)
    finder.complain_of_names()
    return [complaint.what for complaint in finder.complaints]


def test_a_name_that_is_no_file_is_told_with_the_nearest_that_is_one(tmp_path: Path) -> None:
    for name in ("05-speech.srt", "season1/talk.srt", "waiting.mp3"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    right = (
        "[episodes.05-speech]\ntitle = 'a'\n[episodes.waiting]\ntitle = 'b'\n[episodes.'season1/talk']\ntitle = 'c'\n"
    )
    assert told_of_names(tmp_path, right, "05-speech.srt", "season1/talk.srt") == []
    assert told_of_names(tmp_path, right, "05-speech.srt") == []  # a run over one of them
    wrong = right + "[episodes.05-speach]\ntitle = 'd'\n[episodes.'海底的光']\ntitle = 'e'\n"
    assert told_of_names(tmp_path, wrong, "05-speech.srt") == [
        "`episodes.05-speach` is the name of no file here: 05-speech is one",
        "`episodes.海底的光` is the name of no file here",
    ]


def test_many_names_that_are_no_files_are_counted(tmp_path: Path) -> None:
    (tmp_path / "talk.srt").touch()
    wrong = "".join(f"[episodes.'第{number}期']\ntitle = 'a'\n" for number in range(9))
    *_, last = told = told_of_names(tmp_path, wrong, "talk.srt")
    assert (len(told), last) == (4, "6 more names under `episodes` are of no file")


def test_names_of_files_in_an_archive_are_not_complained_of(tmp_path: Path) -> None:
    (tmp_path / "talks.zip").touch()
    assert told_of_names(tmp_path, "[episodes.talk]\ntitle = 'a'\n", "other.srt") == []


def test_a_name_may_be_written_with_accents_in_two_ways(tmp_path: Path) -> None:
    facts, _, _ = facts_with(tmp_path, "[episodes.'caf\u00e9']\ntitle = '特别'\n", "cafe\u0301.srt")
    assert facts.title == "特别"


def test_a_preview_tells_of_names_without_a_file(tmp_path: Path) -> None:
    (tmp_path / SIDECAR).write_text("[episodes.tlk]\ntitle = 'a'\n", "utf-8")
    (tmp_path / "talk.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\n水开了\n", "utf-8")
    told = [complaint.what for one in preview([tmp_path]) for complaint in one.complaints]
    assert told == ["`episodes.tlk` is the name of no file here: talk is one"]
