"""`podseek terms` and `podseek collocates`: the real commands on the tiny and the bundled corpus."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from support.front_ends.commands import called
from support.library import Run

from indexer.core.words.lexicon import read_lexicon
from search.exploration.counting.function_words import FUNCTION_WORDS


@pytest.fixture
def sample_podseek(sample_index: Path) -> Any:
    def run(*arguments: object, **variables: str) -> Run:
        return called(*arguments, index=sample_index, **variables)

    return run


def test_frequent_words_stand_under_each_other_with_bars(sample_podseek: Any) -> None:
    run = sample_podseek("terms", "-n", 2)
    assert run.code == 0
    heading, first, _ = run.lines
    assert heading.split() == ["count", "/million", "episodes"]
    assert first.endswith("████████████████")
    assert first.split()[0] == "人"
    assert "words" in run.err and "loops and stock lines left out" in run.err


def test_a_part_is_described_by_its_typical_words(sample_podseek: Any) -> None:
    run = sample_podseek("terms", "--title", "电池", "--format", "jsonl")
    first = json.loads(run.lines[0])
    assert (first["term"], first["episode"], first["start"]) == ("电池", "corpus/09-batteries", 13.519)
    assert "compared with" in run.err


def test_typical_words_are_sorted_by_ratio_when_asked(sample_podseek: Any) -> None:
    run = sample_podseek("terms", "--title", "电池", "--sort", "ratio", "--format", "jsonl")
    ratios = [json.loads(line)["log_ratio"] for line in run.lines]
    assert ratios == sorted(ratios, reverse=True)


def test_a_table_for_a_spreadsheet_has_a_heading(sample_podseek: Any) -> None:
    run = sample_podseek(
        "terms", "--title", "电池", "--against", "title:机器", "--significance", 0.01, "-n", 3, "--format", "csv"
    )
    rows = list(csv.DictReader(io.StringIO(run.out)))
    assert len(rows) == 3
    assert {"term", "count", "per_million", "other_count", "g2", "log_ratio", "episodes", "start"} <= rows[0].keys()


def test_words_that_say_little_are_typical_only_when_asked_for(sample_podseek: Any) -> None:
    command = ("terms", "--title", "电池", "--significance", 0.5, "--min-count", 1, "-n", 0, "--format", "plain")
    few, all_of_them = sample_podseek(*command).lines, sample_podseek(*command, "--all").lines
    assert set(few) < set(all_of_them)
    more = set(all_of_them) - set(few)
    assert more & FUNCTION_WORDS
    assert all(len(word) > 1 or not word.isascii() for word in few)
    assert not [word for word in few if word[0].isdigit()]
    assert [word for word in more if word[0].isdigit()]


def test_new_words_go_straight_into_a_lexicon(sample_podseek: Any, tmp_path: Path) -> None:
    run = sample_podseek("terms", "--new", "-o", tmp_path / "lexicon.txt")
    assert run.code == 0
    assert "谷歌" in read_lexicon(tmp_path / "lexicon.txt").words


def test_collocates_come_with_a_moment(sample_podseek: Any) -> None:
    run = sample_podseek("collocates", "模型", "--format", "jsonl", "-n", 0)
    rows = [json.loads(line) for line in run.lines]
    assert rows
    for row in rows:
        line = row["line"].replace(" ", "")  # a space stands between cues
        assert "模型" in line and row["term"] in line
        assert row["count"] <= row["total"]


def test_what_is_nowhere_has_no_collocates(sample_podseek: Any) -> None:
    run = sample_podseek("collocates", "区块链")
    assert (run.code, run.out) == (1, "")
    assert "区块链 is nowhere" in run.err


def test_a_silent_episode_is_not_denied(tmp_path: Path) -> None:
    (tmp_path / "silent.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:02.000\n。\n", "utf-8")
    called("index", tmp_path, index=tmp_path / "index")
    for words in (("trend", "a"), ("dispersion", "a"), ("terms",)):
        run = called(*words, index=tmp_path / "index")
        assert (run.code, run.out, run.err) == (1, "", "No episodes with speech\n")
    (tmp_path / "spoken.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:02.000\na b\n", "utf-8")
    called("index", tmp_path / "spoken.vtt", index=tmp_path / "other")
    undated = called("trend", "a", "--by", "month", index=tmp_path / "other")
    assert undated.err.splitlines() == [
        "1 episode has no date and belongs to no month: by show or by episode it counts, too",
        "Said in these, and not counted: a 1",
    ]


def test_a_part_without_episodes_has_no_words(sample_podseek: Any) -> None:
    run = sample_podseek("terms", "--title", "没有这一集")
    assert (run.code, run.out) == (1, "")
    assert "no episode has this in its title" in run.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["terms", "--against", "show:x"], "--against is not for frequent words"),
        (["terms", "--new", "-g", "2"], "--ngrams is not for new words"),
        (["terms", "--title", "电池", "--sort", "score"], "--sort score is not for typical words"),
        (["terms", "-g", "4-2"], "no size such as 2 or 2-4"),
        (["terms", "--title", "电池", "--against", "gestern"], "no part such as show:NAME"),
        (["terms", "--show", "回声机房"], "nothing beside this part"),
        (["terms", "--title", "电池", "--min-ratio", "nan"], "nan is no number"),
        (["terms", "--title", "电池", "--significance", "nan"], "nan is no number"),
        (["collocates", "模型", "-w", "weit"], "no window such as 5 (words) or 3s (seconds)"),
        (["collocates", "模型", "-w", "0"], "1 to 100 words"),
        (["collocates", "……"], "name a word"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_asked_is_one_clear_line(sample_podseek: Any, arguments: list[str], said: str) -> None:
    run = sample_podseek(*arguments)
    assert (run.code, run.out) == (2, "")
    assert said in run.err
    assert "Traceback" not in run.err


FORMULAS = {
    "terms": ("2 * sum(observed * ln(observed / expected))", "Dunning 1993", "Hardie 2014", "Tanaka-Ishii 2006"),
    "collocates": ("14 + log2(2 * near", "Rychlý 2008", "Dunning 1993"),
    "trend": ("occurrences in an hour of speech", "in a million characters and names"),
    "dispersion": ("0.5 * sum(|v - s|)", "Gries 2008", "DP / (1 - smallest s)", "Lijffijt and Gries 2012"),
    "similar": ("BM25", "1.2 * (.25 + .75 * length / mean length)", "Robertson and Zaragoza 2009", "G2"),
    "chapters": ("sum(ln(1 + k / (A p))) - sum(ln(1 + n / A))", "Utiyama and", "Eisenstein and Barzilay", "G2"),
    "summary": ("k * words ** beta", "Heaps' law", "least squares", "Loops and stock lines"),
}


@pytest.mark.parametrize("command", FORMULAS)
def test_every_statistic_names_its_formula_and_source(command: str) -> None:
    said = called(command, "--help").out
    assert [part for part in FORMULAS[command] if part not in said] == []


def test_a_time_after_the_end_of_an_episode_is_said_to_be(tiny_index: Path) -> None:
    run = called("similar", "radio", "--at", "1:00:00", index=tiny_index)
    assert (run.code, run.lines) == (2, [])
    assert run.err == "tea/radio: ends at 0:00:40.000: name a moment before that, not 1:00:00.000\n"


def test_what_is_similar_has_as_much_context_as_is_asked_for(tiny_index: Path) -> None:
    def shown(*context: str) -> list[int]:
        run = called("similar", "kettle", "--at", "14", *context, "--format", "jsonl", index=tiny_index)
        return [len(json.loads(line)["cues"]) for line in run.lines]

    few, usual, many = shown("-C", "0"), shown(), shown("-C", "3")
    assert few and sum(few) < sum(usual) <= sum(many)
    refused = called("similar", "kettle", "-l", "-C", "3", index=tiny_index)
    assert (refused.code, refused.err.partition(": -C is about moments")[0]) == (2, "podseek similar")


def test_counts_of_one_are_singular(tiny_index: Path) -> None:
    assert "over 1 part\n" in called("dispersion", "茶", "--parts", 1, "--summary", index=tiny_index).out
    assert "1 time in 1 episode\n" in called("search", "--explain", "RTL", index=tiny_index).err


def test_a_summary_of_nothing_that_was_read_is_not_printed(tiny_index: Path) -> None:
    run = called("summary", "--timeout", "1e-9", index=tiny_index)
    assert (run.code, run.out) == (2, "")
    assert "before it had read any of 4 episodes" in run.err


@pytest.mark.parametrize(
    "words",
    [
        ("collocates", "茶"),
        ("similar", "radio"),
        ("terms",),
        ("trend", "茶"),
        ("dispersion", "茶"),
        ("concordance", "茶"),
    ],
)
def test_a_filter_that_nothing_passes_is_said_to_be_the_reason(tiny_index: Path, words: tuple[str, ...]) -> None:
    run = called(*words, "--show", "没有的节目", index=tiny_index)
    assert (run.code, run.lines) == (1, [])
    assert 'show:"没有的节目": no show has this name: there are 两杯茶, 橋上風景' in run.err
    assert "nowhere" not in run.err and "Nothing else" not in run.err


def test_a_heading_is_as_wide_as_its_column(tiny_index: Path) -> None:
    (heading,) = [line for line in called("trend", "茶", "--by", "episode", index=tiny_index).lines if "hours" in line]
    assert heading.startswith("episode ")


def test_characters_are_not_called_words(tiny_index: Path) -> None:
    assert " characters" in called("terms", "--characters", index=tiny_index).err


@pytest.mark.parametrize("words", [("电池,芯片",), ("电池，", "芯片"), ("电池、芯片", "电池")])
@pytest.mark.parametrize("command", ["trend", "dispersion"])
def test_commas_separate_words_that_are_compared(sample_podseek: Any, command: str, words: tuple[str, ...]) -> None:
    run = sample_podseek(command, *words, "--format", "jsonl")
    assert run.code == 0
    assert {json.loads(line)["term"] for line in run.lines} == {"电池", "芯片"}


def test_a_comma_before_thousands_separates_nothing(sample_podseek: Any) -> None:
    run = sample_podseek("trend", "1,000、2023,100", "--format", "jsonl")
    assert {json.loads(line)["term"] for line in run.lines} == {"1,000", "2023", "100"}


@pytest.mark.parametrize("command", ["trend", "dispersion"])
def test_of_what_is_said_nowhere_the_next_step_is_told(sample_podseek: Any, command: str) -> None:
    run = sample_podseek(command, "电池", "短报文")
    assert run.code == 0
    assert "Nowhere exactly: 短报文; `podseek variants 短报文` lists" in run.err
    assert "Nowhere exactly" not in sample_podseek(command, "电池").err
    assert sample_podseek(command, "短报文").code == 1
    assert "Nowhere exactly" not in sample_podseek(command, "短报文", "--show", "nope").err


def test_a_concordance_of_what_is_nowhere_offers_what_sounds_alike(sample_podseek: Any) -> None:
    assert "Nowhere exactly: --tolerant" in sample_podseek("concordance", "短报文").err
    assert "Nowhere exactly" not in sample_podseek("concordance", "短报文", "--tolerant").err
