"""What `podseek search` prints in each format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.library import objects


def test_people_get_a_heading_and_the_cues_with_times(search: Any) -> None:
    run = search('"软件无线电"')
    assert run.code == 0
    assert run.err == ""
    assert run.lines == [
        "  1  00:00:16  矿石收音机  两杯茶  2025-01-15",
        "     tea/radio",
        "     00:00:12  天线越长越好",
        "     00:00:16  RTL-SDR是一种便宜的软件",
        "     00:00:20  无线电接收器",
        "     00:00:24  插在USB口上就能听",
    ]


def test_moments_are_set_apart_by_an_empty_line(search: Any) -> None:
    blocks = search("晚安").out.split("\n\n")
    assert [block.split()[:2] for block in blocks] == [
        ["1", "00:00:00"],
        ["2", "00:00:40"],
        ["3", "00:01:40"],
        ["4", "00:03:20"],
    ]


def test_json_has_exactly_the_fields_of_the_contract(search: Any, tiny_files: Path) -> None:
    (found,) = objects(search("--format", "jsonl", '"软件无线电"'))
    score = found.pop("score")
    assert isinstance(score, float)
    assert score > 0
    assert found == {
        "schema": 1,
        "rank": 1,
        "episode": "tea/radio",
        "show": "两杯茶",
        "title": "矿石收音机",
        "date": "2025-01-15",
        "period": "2025-01-15",
        "speakers": ["小禾", "阿默"],
        "path": str(tiny_files / "tea" / "radio.srt"),
        "audio": "https://example.org/tea/radio.mp3",
        "link": "https://example.org/radio",
        "url": "https://example.org/tea/radio.mp3#t=16",
        "start": 16.0,
        "end": 28.0,
        "chapter": None,
        "matches": [
            {"start": 16.0, "end": 24.0, "text": "软件无线电", "term": "软件无线电", "how": "exact", "where": "speech"}
        ],
        "cues": [
            {
                "index": 3,
                "start": 12.0,
                "end": 16.0,
                "speaker": "",
                "text": "天线越长越好",
                "highlights": [],
                "damped": "",
            },
            {
                "index": 4,
                "start": 16.0,
                "end": 20.0,
                "speaker": "",
                "text": "RTL-SDR是一种便宜的软件",
                "highlights": [[13, 15]],
                "damped": "",
            },
            {
                "index": 5,
                "start": 20.0,
                "end": 24.0,
                "speaker": "",
                "text": "无线电接收器",
                "highlights": [[0, 3]],
                "damped": "",
            },
            {
                "index": 6,
                "start": 24.0,
                "end": 28.0,
                "speaker": "",
                "text": "插在USB口上就能听",
                "highlights": [],
                "damped": "",
            },
        ],
    }


def test_json_has_null_for_what_is_not_known(search: Any) -> None:
    found = objects(search("--format", "jsonl", "-n", "1", "晚安"))[0]
    assert (found["date"], found["audio"], found["link"]) == (None, None, None)


def test_json_comes_best_first_and_only_on_stdout(search: Any) -> None:
    run = search("--format", "jsonl", "晚安 月亮")
    assert [found["rank"] for found in objects(run)] == [1, 2, 3, 4]
    scores = [found["score"] for found in objects(run)]
    assert scores == sorted(scores, reverse=True)
    assert run.err == ""


def test_json_shows_chinese_as_it_is(search: Any) -> None:
    assert "綠茶" in search("--format", "jsonl", "绿茶 show:桥").out


def test_tsv_is_a_header_and_one_line_a_moment(search: Any) -> None:
    run = search("--format", "tsv", "晚安")
    header, *rows = [line.split("\t") for line in run.lines]
    facts = ["episode", "show", "title", "date"]
    assert header == ["rank", "score", *facts, "start", "end", "time", "text", "url", "period"]
    assert len(rows) == 4
    assert all(len(row) == len(header) for row in rows)
    last = dict(zip(header, rows[3], strict=True))
    assert (last["rank"], last["episode"], last["date"]) == ("4", "bridge/sleep", "")
    assert (last["start"], last["end"], last["time"], last["text"]) == ("200.250", "203.500", "00:03:20", "再一次晚安")


def test_plain_is_one_line_a_moment_as_grep_prints_it(search: Any) -> None:
    assert search("--format", "plain", "晚安").lines == [
        "bridge/sleep:00:00:00: 晚安慢慢闭上眼睛",
        "bridge/sleep:00:00:40: 晚安",
        "bridge/sleep:00:01:40: 月亮说晚安",
        "bridge/sleep:00:03:20: 再一次晚安",
    ]


@pytest.mark.parametrize("form", ["text", "jsonl", "tsv", "plain"])
def test_nothing_found_prints_nothing_but_a_word_to_the_person(search: Any, form: str) -> None:
    run = search("--format", form, "火星")
    assert (run.code, run.out) == (1, "")
    assert run.err == "Nothing found for 火星\n"
