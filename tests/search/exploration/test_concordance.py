"""The concordance has every match, once, in its context."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.front_ends.commands import called
from support.library import Line, Tools, atoms_of, scan, spaced
from support.transcripts.episodes import shows

from indexer.core.errors import QueryProblem
from search import Library
from search.frontends.formats.display import Page, Style, columns
from search.frontends.formats.listings.concordances import concordance as printed
from search.results.joined_text import joined

EVERYTHING = 100_000


@settings(max_examples=40)
@given(data=st.data(), episodes=shows())
def test_the_concordance_of_any_word_is_what_a_scan_of_the_text_finds(
    tools: Tools, data: st.DataObject, episodes: dict[str, list[Line]]
) -> None:
    with tools.library({**episodes, "z": spaced(["有一句", "话在这里"])}) as library:
        texts = {e.id: [cue.text for cue in library.read(e.id)[1]] for e in library.episodes()}
        said = {name: atoms_of(cues, tools.folding) for name, cues in texts.items()}
        name = data.draw(st.sampled_from(sorted(name for name, atoms in said.items() if atoms)))
        begin = data.draw(st.integers(0, len(said[name]) - 1))
        wanted = [atom for atom, _ in said[name][begin : begin + data.draw(st.integers(1, 4))]]
        sort = data.draw(st.sampled_from(["time", "left", "right", "date", "episode"]))
        found = library.explore.concordance(
            f'"{" ".join(wanted)}"', sort=sort, limit=None, context=EVERYTHING, damping=False
        )
        lines = Counter(
            (line.episode, *(tuple(atom for atom, _ in atoms_of([part], tools.folding)) for part in parts))
            for line in found
            for parts in [(line.before, line.match, line.after)]
        )
        expected: Counter[tuple[object, ...]] = Counter()
        for episode, atoms in said.items():
            plain = tuple(atom for atom, _ in atoms)
            for at in scan(atoms, wanted):
                end = at + len(wanted)
                expected[episode, plain[:at], plain[at:end], plain[end:]] += 1
        assert lines == expected
        assert found.total == len(found) == expected.total()


@pytest.fixture
def steep(tools: Tools) -> Iterator[Library]:
    """Two episodes in which 水 has neighbours on both sides."""
    texts = {"a": ["热水好喝", "冷水难喝", "买了 GPU", "水冷的那种"], "b": ["雨水多", "热水好洗"]}
    with tools.library({name: spaced(said) for name, said in texts.items()}) as library:
        yield library


def sides(library: Library, sort: str) -> list[str]:
    found = library.explore.concordance("水", sort=sort, context=2, damping=False)
    return [f"{line.before}|{line.match}|{line.after}" for line in found]


def test_lines_are_sorted_by_the_atoms_before_from_the_match_outward(steep: Library) -> None:
    # gpu comes before 冷, 热 and 雨; of two 热 that which begins its episode.
    assert [side.split("|")[0] for side in sides(steep, "left")] == ["PU", "喝冷", "热", "多热", "雨"]


def test_lines_are_sorted_by_the_atoms_after(steep: Library) -> None:
    assert [side.split("|")[2] for side in sides(steep, "right")] == ["冷的", "多热", "好喝", "好洗", "难喝"]


def test_a_match_across_cues_is_one_line_in_the_original_text(tiny: Library) -> None:
    (line,) = tiny.explore.concordance("一壶好水", context=4)
    assert (line.before, line.match, line.after) == ("天聊怎么烧"[1:], "一壶好水", "泡茶的人")
    assert (line.episode, line.start, line.end) == ("tea/kettle", 4.0, 12.0)


def test_a_match_that_begins_a_cue_keeps_the_space_before_it(tools: Tools) -> None:
    with tools.library({"a": spaced(["an open", "source", "model"])}) as library:
        (line,) = library.explore.concordance("source")
    assert (line.before, line.match, line.after) == ("an open ", "source", " model")


def test_what_is_folded_is_shown_as_it_stands(tiny: Library) -> None:
    assert {line.match for line in tiny.explore.concordance("收音机", limit=None)} == {"收音机", "收音機"}


def test_overlapping_matches_are_lines_of_their_own(tiny: Library) -> None:
    assert len(tiny.explore.concordance("哈哈", damping=False)) == 3


def test_a_condition_chooses_the_matches(tiny: Library) -> None:
    found = tiny.explore.concordance("绿茶 AND 水", limit=None)
    assert {line.term for line in found} == {"绿茶", "水"}
    assert not tiny.explore.concordance('"绿茶" NEAR/1 "石桥"')
    assert {line.episode for line in tiny.explore.concordance("收音机 show:橋上")} == {"bridge/stone"}


def test_matches_are_exact_unless_others_are_asked_for(tools: Tools) -> None:
    with tools.library({"a": spaced(["我们在训练大模型", "与训练无关", "预训练很贵", "预训练很慢"])}) as library:
        assert {line.match for line in library.explore.concordance("预训练")} == {"预训练"}
        loose = library.explore.concordance("~预训练", tolerant=True)
        assert ("与训练", "homophone") in {(line.match, line.how) for line in loose}


def test_a_sample_is_the_same_for_the_same_seed(sample: Library) -> None:
    def drawn(seed: int) -> list[tuple[str, float]]:
        return [
            (line.episode, line.start) for line in sample.explore.concordance("的", limit=None, sample=9, seed=seed)
        ]

    assert drawn(1) == drawn(1) != drawn(2)
    assert len(drawn(1)) == 9
    assert drawn(1) == sorted(drawn(1))


def test_loops_are_left_out_and_counted(tools: Tools) -> None:
    with tools.library({"a": [*spaced(["水开了"]), *[(9.0 + n, 10.0 + n, "水水水水") for n in range(40)]]}) as library:
        found = library.explore.concordance("水", limit=None)
        everything = library.explore.concordance("水", limit=None, damping=False)
        assert found.damped
        assert found.total + found.damped == everything.total


def test_a_query_that_cannot_be_understood_is_a_problem(tiny: Library) -> None:
    with pytest.raises(QueryProblem):
        tiny.explore.concordance("date:never")


def test_matches_stand_under_each_other_whatever_the_width_of_characters(sample: Library) -> None:
    found = sample.explore.concordance("电池", limit=None)
    for width in (40, 60, 80, 101, 0):
        lines = list(printed(found, Page(Style(width=width))))
        assert len({columns(line[: line.index(" 电池 ")]) for line in lines}) == 1
        assert width == 0 or max(map(columns, lines)) <= (width or 100)


def test_a_wide_terminal_shows_the_date_and_the_end_of_a_long_id(sample: Library) -> None:
    found = sample.explore.concordance("锂电池", limit=None, sort="date")
    wide, narrow = ([*printed(found, Page(Style(width=width)))] for width in (110, 80))
    assert [line.endswith("  2025-07-18  …pus/14-listener-letters") for line in wide] == [True, True, False]
    assert wide[2].endswith("  2025-05-09  corpus/09-batteries")
    assert narrow[0].endswith("  …pus/14-listener-letters") and "2025" not in narrow[2]


def test_cues_are_joined_as_their_script_asks() -> None:
    assert joined(["说到 ", "GPU"]) == "说到 GPU"
    assert joined(["café", "noir"]) == "café noir"
    assert joined(["", "水"]) == "水"
    assert joined(["Ｓ", "ＧＰＵ"]) == "Ｓ ＧＰＵ"
    assert joined(["（笑）", "OK"]) == "（笑）OK"


def test_the_command_lists_matches_and_says_how_many_there_are(tiny_index: Path) -> None:
    run = called("concordance", "绿茶", "-n", "2", "--format", "tsv", index=tiny_index)
    assert (run.code, len(run.lines)) == (0, 3)
    assert run.lines[0].split("\t")[1:4] == ["before", "match", "after"]
    assert "2 of 3 matches in 2 episodes" in run.err
    assert "1 of 1 match in 1 episode\n" in called("concordance", "无线电", index=tiny_index).err


@pytest.mark.parametrize(("given", "lines"), [((), 3), (("-n", "1"), 1), (("-n", "0"), 3), (("-n", "20"), 3)])
def test_of_a_sample_as_many_are_shown_as_are_asked_for(tiny_index: Path, given: tuple[str, ...], lines: int) -> None:
    drawn = called("concordance", "水", "--random", "3", *given, "--format", "plain", index=tiny_index)
    assert (drawn.code, len(drawn.lines)) == (0, lines)


def test_the_default_number_does_not_cut_a_sample_short(tiny_index: Path) -> None:
    everything = len(called("concordance", "茶", "水", "的", "-n", "0", "--format", "plain", index=tiny_index).lines)
    drawn = called("concordance", "茶", "水", "的", "--random", "999", "--format", "plain", index=tiny_index)
    assert len(drawn.lines) == everything > 20


def test_nothing_found_is_exit_1(tiny_index: Path) -> None:
    assert called("concordance", "量子", index=tiny_index).code == 1
