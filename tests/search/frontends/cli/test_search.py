"""`podseek search`: how much is printed, of what, and in which order."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from support.front_ends.commands import called, ran
from support.library import Tools, objects, podseek, write_lines

from search import SearchRequest, open_library


def _piped(text: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8")


def test_several_words_need_no_quotes(search: Any) -> None:
    assert search("晚安", "月亮").out == search("晚安 月亮").out


@pytest.mark.parametrize("command", ["search", "concordance"])
def test_a_dash_alone_takes_the_query_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tiny_index: Path, command: str
) -> None:
    options = ("--format", "plain", "--index", str(tiny_index))
    typed = ran(capsys, command, '"水开了" OR 月亮', *options)
    monkeypatch.setattr("sys.stdin", _piped('"水开了"\n  OR 月亮\n'))
    piped = ran(capsys, command, "-", *options)
    assert typed.code == 0
    assert (piped.code, piped.out) == (0, typed.out)


def test_nothing_on_standard_input_is_an_empty_query(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tiny_index: Path
) -> None:
    monkeypatch.setattr("sys.stdin", _piped("\n"))
    assert ran(capsys, "search", "-", "--index", str(tiny_index)).err.startswith("the query is empty")


def test_the_colours_of_a_copied_query_are_no_part_of_it(tiny_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = ran(capsys, "search", "收音机", "--index", str(tiny_index))
    assert ran(capsys, "search", "\x1b[01;31m\x1b[K收音机\x1b[m\x1b[K", "--index", str(tiny_index)) == plain


@pytest.mark.parametrize(("limit", "shown"), [("1", 1), ("3", 3), ("10", 4), ("0", 4)])
def test_n_limits_the_moments_and_0_means_all(search: Any, limit: str, shown: int) -> None:
    assert len(search("--format", "plain", "-n", limit, "晚安").lines) == shown
    assert len(search("--format", "plain", "--limit", limit, "晚安").lines) == shown


@pytest.mark.parametrize(
    ("amount", "cues"), [("0", [7]), ("1", [6, 7, 8]), ("4s", [6, 7, 8]), ("3.9s", [7]), ("2", [5, 6, 7, 8, 9])]
)
def test_c_is_the_context_in_cues_or_seconds(search: Any, amount: str, cues: list[int]) -> None:
    found = objects(search("--format", "jsonl", "-C", amount, "水开了 show:两杯茶"))
    assert [cue["index"] for cue in found[0]["cues"]] == cues


@pytest.mark.parametrize("amount", ["", "5m", "-1"])
def test_another_amount_of_context_is_refused_with_examples(search: Any, amount: str) -> None:
    run = search(f"--context={amount}", "晚安")
    assert (run.code, run.out) == (2, "")
    assert "is neither seconds (8s) nor cues (2)" in run.err


def test_l_lists_each_episode_once(search: Any) -> None:
    assert search("-l", "晚安 OR 收音机").lines == ["bridge/sleep", "tea/radio", "bridge/stone"]


def test_c_counts_moments_and_matches(search: Any) -> None:
    run = search("-c", "水开了")
    assert [line.split()[:5] for line in run.lines] == [
        ["1", "moment", "3", "matches", "tea/kettle"],
        ["1", "moment", "1", "match", "bridge/stone"],
    ]
    assert search("-c", "--format", "tsv", "水开了").lines == [
        "moments\tmatches\tepisode",
        "1\t3\ttea/kettle",
        "1\t1\tbridge/stone",
    ]
    assert objects(search("-c", "--format", "jsonl", "水开了"))[0] == {
        "schema": 1,
        "episode": "tea/kettle",
        "title": "水开了没有",
        "moments": 1,
        "matches": 3,
    }


@pytest.mark.parametrize("kind", ["-c", "-l"])
def test_n_and_sort_hold_for_episodes_as_well(search: Any, tiny_index: Path, kind: str) -> None:
    def listed(*options: str) -> list[str]:
        run = search(kind, "--format", "jsonl", *options, "晚安 OR 收音机")
        return [one["episode"] for one in objects(run)]

    assert listed() == listed("-n", "0") == listed("--sort", "score") == ["bridge/sleep", "tea/radio", "bridge/stone"]
    assert listed("-n", "2") == ["bridge/sleep", "tea/radio"]
    in_time = listed("--sort", "time")
    episodes = objects(called("episodes", "--format", "jsonl", index=tiny_index))
    dates = {one["episode"]: one["date"] or "" for one in episodes}
    assert in_time == sorted(in_time, key=lambda name: (dates[name], name))
    assert listed("--sort", "time", "-n", "1") == in_time[:1]
    by_date = [dates[name] for name in listed("--sort", "date")]
    assert by_date == sorted(by_date, reverse=True)


@pytest.mark.parametrize("options", [["-c", "-C", "2"], ["-l", "--context", "5s"], ["-c", "-l"]])
def test_an_option_that_means_nothing_beside_another_is_refused(search: Any, options: list[str]) -> None:
    run = search(*options, "晚安")
    assert (run.code, run.out) == (2, "")
    assert "leave" in run.err


def test_c_counts_loops_when_asked_for(tools: Tools, tmp_path: Path) -> None:
    loop = [(10.0 + 4 * at, 14.0 + 4 * at, "月亮 太阳") for at in range(10)]
    write_lines(tmp_path / "show" / "one.srt", [(0, 4, "月亮出来了太阳下山"), *loop, (60, 64, "别的话")])
    index = tools.index([tmp_path / "show"], tmp_path / "index")
    counted = [
        called("search", "-c", "--format", "jsonl", "月亮 太阳", *options, index=index)
        for options in ([], ["--no-damping"])
    ]
    assert [objects(run)[0]["matches"] for run in counted] == [10, 20]
    with open_library(index) as library:
        assert [library.count("月亮 太阳", damping=damping)[0].matches for damping in (True, False)] == [10, 20]


def test_a_request_says_once_what_the_options_say(tiny_index: Path) -> None:
    with open_library(tiny_index) as library:
        request = SearchRequest("晚安", limit=2, sort="time", exact=True)
        given = library.search("晚安", limit=2, exact=True)
        assert sorted(given, key=lambda moment: moment.start) == list(library.search(request))
        assert list(library.each(request)[1]) == sorted(library.search("晚安", limit=None), key=lambda m: m.start)
        assert library.count(request) == library.count("晚安", exact=True, limit=2)
        assert library.plan(request) is library.plan("晚安", exact=True)


@pytest.mark.parametrize(
    ("options", "episodes"),
    [
        (["--show", "两杯茶"], {"tea/radio"}),
        (["--title", "石桥"], {"bridge/stone"}),
        (["--speaker", "阿默"], {"tea/radio"}),
        (["--since", "2025-02"], {"bridge/stone"}),
        (["--since", "2025", "--until", "2025"], {"tea/radio", "bridge/stone"}),
        (["--since", "2025-02", "--show", "两杯茶"], set()),
    ],
)
def test_filters_keep_to_their_episodes(search: Any, options: list[str], episodes: set[str]) -> None:
    assert set(search("-l", *options, "收音机").lines) == episodes


@pytest.mark.parametrize("options", [["--since", "someday"], ["--until", "2025-13"], ["--show", ""]])
def test_a_filter_that_cannot_be_meant_is_refused(search: Any, options: list[str]) -> None:
    run = search(*options, "收音机")
    assert (run.code, run.out) == (2, "")
    assert len(run.err.splitlines()) == 1


def test_sort_orders_the_moments_shown(search: Any) -> None:
    def episodes(order: str) -> list[tuple[str, float]]:
        found = objects(search("--format", "jsonl", "--sort", order, "绿茶 OR 收音机"))
        return [(one["episode"], one["start"]) for one in found]

    assert [name for name, _ in episodes("date")] == ["bridge/stone", "tea/radio", "tea/kettle"]
    assert [name for name, _ in episodes("time")] == ["tea/kettle", "tea/radio", "bridge/stone"]
    assert sorted(episodes("score")) == sorted(episodes("time"))


def test_explain_tells_how_the_query_was_understood_on_stderr(search: Any) -> None:
    run = search("--explain", "-n", "1", "晚安 -月亮")
    query, *terms = run.err.splitlines()
    assert query.split(None, 1) == ["query", "(晚安 -月亮)"]
    assert any("晚安" in line and "4 times in 1 episode" in line for line in terms)
    assert any("月亮" in line and "excluded" in line for line in terms)
    score, _, parts = run.lines[-1].partition(" = ")
    values = [float(part.split()[-1]) for part in parts.split(" + ")]
    assert sum(values) == pytest.approx(float(score), abs=0.005)


def test_explaining_leaves_the_output_for_programs_as_it_is(search: Any) -> None:
    options = ("--format", "jsonl", "-n", "1", "晚安 -月亮")
    assert search("--explain", *options).out == search(*options).out


@pytest.mark.parametrize("query", ["晚安 AND", "date:someday 晚安", "-晚安", "……", ""])
def test_a_query_that_cannot_be_understood_is_explained_in_one_line(search: Any, query: str) -> None:
    run = search("--", query)
    assert (run.code, run.out) == (2, "")
    assert len(run.err.splitlines()) == 1
    assert "Traceback" not in run.err


@pytest.mark.parametrize("query", ["晚安：你好（再见）？", '他说"晚安', "https://example.org/晚安?a=b", "晚安 :) ("])
def test_a_pasted_sentence_gets_an_answer(search: Any, query: str) -> None:
    run = search("--format", "plain", query)
    assert run.code in (0, 1)
    assert "Traceback" not in run.err


def test_the_bundled_corpus_answers_a_question(sample_index: Path) -> None:
    run = podseek("search", "-n", "3", "--format", "plain", "为什么大模型数不清草莓有几个r？", index=sample_index)
    assert run.code == 0
    assert any(line.startswith("corpus/01-large-models:00:01:3") for line in run.lines)
