"""Borders of proposed chapters: the likeliest sections, what never counts, and what holds for every episode."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.library import Line, Tools

from indexer.core.types import Cue
from search import Library
from search.exploration.chapters import border_choice, chapter_detection
from search.exploration.chapters.chapter_detection import (
    APART_SECONDS,
    NUMBERED_APART_SECONDS,
    NUMBERED_DEPTH,
    SECTION_SECONDS,
    _said,
    find_borders,
    usual_number,
)
from search.exploration.chapters.topic_segmentation import LONGEST, NO_MATTER_WHAT, PRIOR_WORDS, Speech

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "bench"))

from borders import found, measure, p_k
from shared.border_truth import Truth, floors, of_chapters, of_floors
from shared.texttiling import _cosine, _depths

BATTERY = ["锂电池的正极", "电解液怎么选", "负极用石墨", "充电的速度", "电池容量下降"]
KITCHEN = ["今天炖牛肉汤", "先切洋葱胡萝卜", "锅里放油", "小火慢炖", "最后撒盐和香菜"]
MUSIC = ["请欣赏音乐"]

spoken = st.lists(st.frozensets(st.integers(1, 5), max_size=4), min_size=1, max_size=7)


def lines(*topics: tuple[Sequence[str], int]) -> list[Line]:
    """Topics, each said in so many cues of four seconds; the rounds of one are told apart, or they would be loops."""
    texts = [
        f"{topic[number % len(topic)]}{'' if topic is MUSIC else '好' * (number // len(topic))}"
        for topic, cues in topics
        for number in range(cues)
    ]
    return [(4.0 * number, 4.0 * number + 4, text) for number, text in enumerate(texts)]


def speech(stretches: Sequence[frozenset[int]], shortest: int = 1) -> Speech:
    """Every word as usual as another; long sections lose a little, none may be shorter than so many."""
    return Speech(
        stretches,
        dict.fromkeys(range(1, 6), 0.1),
        lambda begin, end: -0.01 * (end - begin) ** 2 if end - begin >= shortest else -math.inf,
    )


def test_what_is_said_again_earns_and_every_word_costs() -> None:
    # The second 1 earns log(1 + 1 / (A * .5)); the second and third word cost log(1 + 1 / A) and log(1 + 2 / A).
    made = Speech([frozenset({1, 2}), frozenset({1})], {1: 0.5, 2: 0.1}, lambda begin, end: 0.0)
    a = PRIOR_WORDS
    expected = math.log1p(1 / (a * 0.5)) - math.log1p(1 / a) - math.log1p(2 / a)
    assert made._likelihood(0, 2) == pytest.approx(expected)


@given(stretches=spoken)
def test_sections_that_grow_are_as_likely_as_those_counted_afresh(stretches: list[frozenset[int]]) -> None:
    made = speech(stretches)
    for begin, section in enumerate(made.sections()):
        ends = range(begin + 1, len(stretches) + 1)
        afresh = [made._likelihood(begin, end) - 0.01 * (end - begin) ** 2 for end in ends]
        assert section == pytest.approx(afresh, abs=1e-9)


@given(stretches=spoken, borders=st.sets(st.integers(1, 6)))
def test_the_surest_are_kept_and_all_no_matter_what(stretches: list[frozenset[int]], borders: set[int]) -> None:
    some = sorted(border for border in borders if border < len(stretches))
    gains = [0.0] * len(stretches)
    assert list(speech(stretches).surest(some, gains, -NO_MATTER_WHAT)) == some
    assert set(speech(stretches).surest(some, gains)) <= set(some)


def test_damped_cues_neither_make_a_border_nor_begin_a_chapter(tools: Tools) -> None:
    music = 60
    said = lines((BATTERY, 40), (MUSIC, music), (BATTERY, 40), (KITCHEN, 40))
    with tools.library({"one": said, "other": lines((BATTERY, 40), (KITCHEN, 40))}) as library:
        words = library.explore.words
        number = next(n for n in words.snapshot.episodes() if words.snapshot.episode(n).id == "show/one")
        (damped,) = words.snapshot.damped_cues(number)
        assert damped.end - damped.first == music - 1
        (border,) = find_borders(words, number, 1)
        assert border.start == pytest.approx(4.0 * (80 + music), abs=5)
        for most in range(2, 9):
            cues = {words.snapshot.times(number).cue_at(border.atom) for border in find_borders(words, number, most)}
            assert not cues & set(range(damped.first, damped.end))


def test_an_announcement_that_loops_is_announced_once(tools: Tools) -> None:
    said = lines((KITCHEN, 40))
    said += [(start + 160, end + 160, "这是本期节目的第二篇论文") for start, end, _ in lines((MUSIC, 30))]
    said += [(start + 280, end + 280, text) for start, end, text in lines((KITCHEN, 40))]
    with tools.library({"one": said}) as library:
        borders = find_borders(library.explore.words, 0)
        assert [border.start for border in borders if border.depth >= NUMBERED_DEPTH] == [160.0]


@pytest.mark.parametrize("most", [2, 3, 4, None])
def test_numbered_parts_go_before_any_number_of_others(tools: Tools, most: int | None) -> None:
    said = lines((KITCHEN, 60), (BATTERY, 60))
    for cue, text in ((30, "这是本期节目的第一篇论文"), (100, "本期节目的第二篇论文")):
        said[cue] = (*said[cue][:2], text)
    with tools.library({"one": said}) as library:
        borders = find_borders(library.explore.words, 0, most)
        assert [border.start for border in borders if border.depth >= NUMBERED_DEPTH] == [120.0, 400.0]


@pytest.mark.parametrize(("most", "expected"), [(0, 0), (1, 2.5), (4, 4)])
def test_chapters_longer_than_ten_minutes_are_chosen_among_sections_of_ten(
    tools: Tools, monkeypatch: pytest.MonkeyPatch, most: int, expected: float
) -> None:
    weighed: list[float] = []

    def probabilities(sections: Sequence[Sequence[float]], gains: Sequence[float], number: float) -> list[float]:
        weighed.append(number)
        return border_choice.probabilities(sections, gains, number)

    monkeypatch.setattr(chapter_detection, "probabilities", probabilities)
    cues = round(2.5 * SECTION_SECONDS / 4)
    with tools.library({"one": lines((BATTERY, cues // 2), (KITCHEN, cues - cues // 2))}) as library:
        assert len(find_borders(library.explore.words, 0, most)) == most
    assert weighed == [pytest.approx(expected)]


def test_words_of_damped_cues_do_not_count(tools: Tools) -> None:
    with tools.library({"one": lines((BATTERY, 40), (MUSIC, 60), (KITCHEN, 40))}) as library:
        words = library.explore.words
        every = _said(words, 0, words.snapshot.times(0).first[::2])
        assert sum(stretch.count(words.number("音乐")) for stretch in every) == 1
        assert sum(stretch.count(words.number("锅里")) for stretch in every) == 8


def test_one_topic_has_no_borders_unless_they_are_asked_for(tools: Tools) -> None:
    # More stretches than a section is looked for in.
    chance = random.Random(1)
    said = [(6.0 * n, 6.0 * n + 6, "".join(chance.choices(BATTERY, k=2))) for n in range(LONGEST + 40)]
    with tools.library({"one": said, "other": lines((KITCHEN, 40))}) as library:
        assert find_borders(library.explore.words, 0) == []
        assert len(find_borders(library.explore.words, 0, 3)) == 3


@pytest.mark.parametrize("times", [[0.0] * 40, [4.0 * n for n in range(40, 0, -1)], [0.0] * 39 + [359999.0]])
def test_where_times_stand_still_go_back_or_jump_borders_are_in_order(tools: Tools, times: list[float]) -> None:
    said = [(start, start + 4, text) for start, (_, _, text) in zip(times, lines((BATTERY, 40)), strict=True)]
    with tools.library({"one": said}) as library:
        starts = [border.start for border in find_borders(library.explore.words, 0, 5)]
        assert starts == sorted(set(starts))


@pytest.mark.parametrize("most", [None, 0, 1, 4, 30])
def test_what_holds_for_the_borders_of_every_episode(sample: Library, most: int | None) -> None:
    words = sample.explore.words
    for number in words.snapshot.episodes():
        times, episode = words.snapshot.times(number), words.snapshot.episode(number)
        borders = find_borders(words, number, most)
        begin = times.starts[0] / 1000
        assert len(borders) <= (usual_number(episode.duration - begin) if most is None else most)
        assert all(border.start == times.at(border.atom) / 1000 for border in borders)
        edges = [(begin, True), *((b.start, b.depth >= NUMBERED_DEPTH) for b in borders), (episode.duration, True)]
        for (start, one), (end, other) in pairwise(edges):
            assert end - start >= (NUMBERED_APART_SECONDS if one and other else APART_SECONDS)
        sections = sample.explore.outline(episode.id, given=False, most=None if most is None else most + 1)
        assert [section.start for section in sections] == [begin, *(border.start for border in borders)]
        assert [section.end for section in sections] == [*(border.start for border in borders), episode.duration]


def test_each_proposed_border_counts_once() -> None:
    assert found([100, 120, 400], [90, 431]) == 1
    assert found([100, 120, 400], [90, 150, 430]) == 3


def test_p_k_counts_the_pairs_that_are_told_wrong() -> None:
    # Pairs 25 s apart in 100 s: of 75 those from 26 to 50 have the border between; nobody proposes it.
    assert p_k([50], [50], 100) == 0
    assert p_k([50], [], 100) == pytest.approx(25 / 75)


def test_the_floor_is_taken_by_who_speaks_long() -> None:
    turns = [("甲", 0, 100), ("乙", 100, 105), ("甲", 105, 200), ("丙", 200, 240), ("乙", 240, 400)]
    assert floors([Cue(start, end, "好", speaker=who) for who, start, end in turns]) == [240]


def test_where_nothing_tells_places_apart_a_border_is_where_sections_are_even(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The same words throughout, and no evidence at any cue: only lengths tell places apart.
    monkeypatch.setattr(chapter_detection, "log_odds", lambda *_: [0.0] * 100)
    said = [(6.0 * n, 6.0 * n + 6, BATTERY[n % 5] + "好" * (n // 5)) for n in range(100)]
    with tools.library({"one": said, "other": lines((KITCHEN, 40))}) as library:
        (border,) = find_borders(library.explore.words, 0, 1)
        assert 200 < border.start < 400


def test_halves_are_of_shows_and_of_one_show_of_episodes() -> None:
    shows = {"a1": "a", "a2": "a", "b1": "b", "c1": "c"}
    whole = Truth("", Path(), {"a1": [1.0, 2.0], "a2": [3.0], "b1": [1.0], "c1": [1.0, 2.0]}, shows)
    tune, held = (set(whole.half(half).borders) for half in ("tune", "held"))
    assert (held, tune) == ({"a1", "a2"}, {"b1", "c1"})
    assert whole.half(None) == whole
    alone = Truth("", Path(), {str(n): [1.0] for n in range(40)}, {str(n): "a" for n in range(40)})
    tune, held = (set(alone.half(half).borders) for half in ("tune", "held"))
    assert tune and held and not tune & held and tune | held == set(alone.borders)


def test_borders_are_measured_against_chapter_files_and_floors_of_a_folder(tmp_path: Path) -> None:
    folder, index = tmp_path / "talks" / "show", tmp_path / "kept"
    folder.mkdir(parents=True)
    said = [(who, text) for who, texts in (("甲", BATTERY), ("乙", KITCHEN)) for _ in range(6) for text in texts]
    times = [f"{n // 15:02}:{n % 15 * 4:02}.{{}} --> {n // 15:02}:{n % 15 * 4 + 3:02}.{{}}" for n in range(60)]
    cues = [
        f"{time.format('000', '900')}\n<v {who}>{text}{'好' * (n // 5 % 6)}"
        for n, (time, (who, text)) in enumerate(zip(times, said, strict=True))
    ]
    (folder / "one.vtt").write_text("\n\n".join(("WEBVTT", *cues)), "utf-8")
    chapters = (
        '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "电池"}, {"startTime": 120, "title": "菜"}]}'
    )
    (folder / "one.chapters.json").write_text(chapters, "utf-8")
    (tmp_path / "work").mkdir()
    for sentences in (False, True):
        truth = of_chapters(folder.parent, tmp_path / f"index{sentences}", sentences, tmp_path / "work")
        assert list(truth.borders.values()) == [[120.0]]
        assert set(truth.shows.values()) == {"show"}
        assert next(measure(truth)) == ("podseek", 1.0, 1.0, pytest.approx(0.0, abs=0.1), 1)
    for _ in range(2):  # the second time from the index that is kept
        floor = of_floors(folder.parent, index, tmp_path / "work")
        assert list(floor.borders.values()) == [[120.0]]
        assert {title: right for title, right, *_ in measure(floor)}["podseek"] == 1.0


def test_texttiling_measures_cosines_and_depths() -> None:
    assert _cosine({1: 3, 2: 4}, {1: 4, 2: 3}) == pytest.approx(24 / 25)  # (3*4 + 4*3) / (5 * 5)
    assert _cosine({}, {1: 1}) == 0.0
    # From .2 it goes up to .9 on the left and .7 on the right: .7 + .5.
    assert _depths([0.9, 0.5, 0.2, 0.7, 0.6]) == pytest.approx([0.0, 0.4, 1.2, 0.0, 0.1])
