"""Exploring the tiny corpus and a few made talks: every figure is counted by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import count
from pathlib import Path

import pytest
from support.library import Tools, spaced, write_lines

import search
from indexer.core.errors import QueryProblem
from search import Deadline, Filter, Library
from search.exploration.collocations import CollocationWindow
from search.exploration.counting.subcorpus import choose
from search.exploration.counting.word_reader import WordReader
from search.exploration.explorer import Explorer

KETTLE = [Filter("title", "水开了没有")]


@pytest.fixture(scope="module")
def talk(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Two who talk, and a recogniser that says one line nine times."""
    folder = tmp_path_factory.mktemp("talk")
    lines = ["WEBVTT", ""]
    said = [("林晚", "苹果很甜"), ("老周", "香蕉很甜"), ("老周", "香蕉便宜"), ("林晚", "苹果好吃")]
    for number, (speaker, text) in enumerate([*said, *[("老周", "芝麻开门")] * 9]):
        lines += [f"00:{number:02}:00.000 --> 00:{number:02}:04.000", f"<v {speaker}>{text}", ""]
    show = folder / "fruit"
    show.mkdir()
    (show / "talk.vtt").write_text("\n".join(lines), "utf-8")
    with search.open_library(tools.index([show], folder / "index")) as library:
        yield library


def test_words_are_counted_as_they_are_cut_and_never_twice(tiny: Library) -> None:
    counted = tiny.explore.terms(limit=None, function_words=True)
    snapshot = tiny.snapshot
    begun = sum(snapshot.marks(number).begins.count("1") for number in snapshot.episodes())
    assert counted.words == sum(row.count for row in counted) == begun


@pytest.mark.parametrize("title", ["水开了没有", "石橋", "有人", "没有这个"])
def test_the_words_of_a_part_are_counted_however_large_it_is(tiny: Library, title: str) -> None:
    words = tiny.explore.words
    for filters in ([Filter("title", title)], [Filter("speaker", title)], []):
        part = choose(words.snapshot, filters)
        assert words.counts(part) == Counter(word for run in words.runs(part) for word in run)


def test_few_words_are_found_where_many_are(sample: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> list[object]:
        explore = sample.explore
        grams = explore.terms(sizes=(1, 3), limit=60), explore.terms(sizes=(2, 2), function_words=True, limit=60)
        keys = explore.keywords([Filter("title", "电池")], sizes=(1, 2))
        return [*grams[0], *grams[1], *keys, *explore.new_words(limit=None), *explore.new_words(least=2)]

    few = found()
    monkeypatch.setattr("search.exploration.counting.document_frequency._FEW", 0)
    assert few == found()


def test_the_words_of_all_episodes_are_their_atoms_again(tiny: Library) -> None:
    snapshot = tiny.snapshot
    words = WordReader(snapshot).read()
    for number in snapshot.episodes():
        assert "".join(words.vocabulary[word] for word in words[number]) == "".join(snapshot.stream(number).atoms())


def test_frequent_words_come_with_their_episodes(tiny: Library) -> None:
    first = tiny.explore.terms(limit=1)[0]
    assert (first.term, first.count, first.episodes) == ("晚安", 4, 1)
    assert {row.term: row.episodes for row in tiny.explore.terms(limit=None)}["绿茶"] == 2


def test_function_words_are_listed_only_when_asked_for(tiny: Library) -> None:
    assert "我" not in {row.term for row in tiny.explore.terms(limit=None)}
    assert "我" in {row.term for row in tiny.explore.terms(limit=None, function_words=True)}


def test_a_limit_never_changes_what_comes_first(sample: Library) -> None:
    """Rare words are left out early, by a bound."""
    for sizes in ((1, 1), (2, 2), (1, 3)):
        every = sample.explore.terms(sizes=sizes, limit=None, function_words=True)
        assert list(sample.explore.terms(sizes=sizes, limit=25, function_words=True)) == list(every[:25])


def test_typical_words_are_those_the_rest_has_less_of(tiny: Library) -> None:
    rows = tiny.explore.keywords(KETTLE, significance=0.5, least=1, limit=None)
    red_tea = next(row for row in rows if row.term == "红茶")
    assert (red_tea.count, red_tea.other_count, red_tea.episodes) == (3, 0, 1)
    # 红茶 is first said in cue 3, which begins at 12 s.
    assert (red_tea.episode, red_tea.start, red_tea.line) == ("tea/kettle", 12.0, "绿茶八十度红茶九十五度")
    assert all(row.per_million > row.other_per_million for row in rows)


def test_typical_is_compared_with_the_part_that_is_named(tiny: Library) -> None:
    part, other = [Filter("show", "两杯茶")], [Filter("show", "橋上風景")]
    rows = tiny.explore.keywords(part, against=other, significance=1, least=1, limit=None)
    everything = tiny.explore.terms(limit=None, function_words=True).words
    assert rows.words + rows.other_words == everything
    kettle_and_radio = tiny.explore.keywords(KETTLE, against=part, significance=1, least=1)
    assert kettle_and_radio.words + kettle_and_radio.other_words == rows.words


def test_the_whole_index_has_nothing_to_be_compared_with(tiny: Library) -> None:
    with pytest.raises(QueryProblem, match="nothing beside this part"):
        tiny.explore.keywords([])


def test_a_filter_that_means_nothing_is_refused(tiny: Library) -> None:
    with pytest.raises(QueryProblem, match="is not a date"):
        tiny.explore.terms([Filter("date", "gestern")])


def test_what_is_hardly_more_frequent_is_not_typical(talk: Library) -> None:
    """林晚 says 苹果 alone, and of 很 and 甜 half."""
    part = [Filter("speaker", "林晚")]
    every = {row.term: row for row in talk.explore.keywords(part, significance=1, least=1, least_ratio=0, limit=None)}
    twice = {row.term for row in talk.explore.keywords(part, significance=1, least=1, limit=None)}
    assert twice == {term for term, row in every.items() if row.log_ratio >= 1}
    assert "苹果" in twice and twice != every.keys()


def test_the_bound_on_counts_loses_no_typical_word(sample: Library) -> None:
    rows = sample.explore.keywords([Filter("title", "电池")], limit=None, least=1)
    assert {row.term for row in rows} >= {"电池", "金属锂", "锂"}
    assert [row.g2 for row in rows] == sorted((row.g2 for row in rows), reverse=True)
    assert rows[-1].g2 >= 15.13


def test_what_each_speaker_says_is_counted_in_their_own_speech(talk: Library) -> None:
    found = talk.explore.trend(["很甜", "香蕉"], by="speaker")
    assert [(rate.term, rate.group, rate.count) for rate in found] == [
        *[("很甜", "老周", 1), ("很甜", "林晚", 1)],
        *[("香蕉", "老周", 2), ("香蕉", "林晚", 0)],
    ], "who says more comes first"
    for rate in found:
        (own,) = talk.explore.trend([rate.term], [Filter("speaker", rate.group)], by="show")
        assert (rate.count, rate.hours, rate.atoms, rate.start) == (own.count, own.hours, own.atoms, own.start)


def test_what_begins_in_the_words_of_a_speaker_is_theirs(talk: Library) -> None:
    crossing = talk.explore.trend(["很甜香蕉"], by="speaker")
    assert [(rate.group, rate.count) for rate in crossing] == [("老周", 1), ("林晚", 1)], "his is within his own words"


def test_of_speakers_what_was_read_in_time_counts(talk: Library) -> None:
    ticks = count()
    for looks in range(8):
        deadline = Deadline(looks, lambda: float(next(ticks)))
        found = talk.explore.trend(["香蕉"], by="speaker", timeout=deadline)
        assert sum(rate.count for rate in found) in (0, 2)
        assert bool(deadline.reason) or sum(rate.count for rate in found) == 2


def test_episodes_whose_cues_name_no_speaker_are_told(tiny: Library) -> None:
    found = tiny.explore.trend(["茶"], by="speaker")
    assert (list(found), found.unnamed) == ([], 4)


def test_a_speaker_is_compared_with_the_others(talk: Library) -> None:
    rows = talk.explore.keywords([Filter("speaker", "老周")], significance=1, least=2, limit=None)
    assert [(row.term, row.count, row.other_count, row.start) for row in rows][:1] == [("香蕉", 2, 0, 60.0)]


def test_a_loop_counts_only_without_damping(talk: Library) -> None:
    counted = {row.term: row.count for row in talk.explore.terms(limit=None)}
    assert counted["芝麻开门"] == 1
    assert talk.explore.terms().damped == 8  # the first time is kept
    undamped = talk.explore.terms(limit=None, damping=False)
    assert {row.term: row.count for row in undamped}["芝麻开门"] == 9
    assert undamped.damped == 0


def test_a_loop_parts_what_is_around_it(talk: Library) -> None:
    part = choose(talk.snapshot)
    (kept,) = part.kept.values()
    (damped,) = part.damped.values()
    assert sorted([*kept, *damped])[0][0] == 0
    assert sum(end - begin for begin, end in [*kept, *damped]) == talk.snapshot.total_atoms


def test_n_grams_are_words_in_a_row_across_cues(tiny: Library) -> None:
    pairs = {row.term: row.count for row in tiny.explore.terms(sizes=(2, 2), limit=None, function_words=True)}
    assert pairs["晚安 慢慢"] == 1  # two cues
    assert not any(len(term.split()) != 2 for term in pairs)


def test_n_grams_of_characters_are_written_together(tiny: Library) -> None:
    rows = {row.term: row for row in tiny.explore.terms(sizes=(3, 3), limit=None, characters=True, function_words=True)}
    assert rows["水开了"].count == 4  # three times in the kettle, once on the bridge
    assert rows["水开了"].episodes == 2


def test_collocates_are_what_is_near(tools: Tools) -> None:
    lines = ["苹果咖啡", "香蕉咖啡", "苹果牛奶", "报纸电影", "报纸电视"]
    with tools.library({"drinks": spaced(lines)}) as library:
        rows = library.explore.collocates("咖啡", window=CollocationWindow(2), least=1, limit=None)
        (apple,) = [row for row in rows if row.term == "苹果"]
        # The windows of two words hold, of 苹果 咖啡 香蕉 咖啡 苹果 牛奶 报纸 ..., the first, third, fifth and sixth.
        assert (apple.count, apple.total, apple.before, apple.after) == (2, 2, 1, 1)
        # 14 + log2(2 * 2 / (2 + 2)) = 14
        assert apple.log_dice == 14
        # Of 10 words 4 are near, 2 are 苹果, 2 both: 2 * (2 ln(2/.8) + 2 ln(2/3.2) + 6 ln(6/4.8)) = 4.463
        assert apple.g2 == pytest.approx(4.463, abs=0.001)
        assert (rows.places, rows.words) == (2, 10)
        assert (apple.episodes, apple.start, apple.line) == (1, 0.0, "苹果咖啡")


def test_what_touches_the_text_is_not_near_it(tools: Tools) -> None:
    with tools.library({"drinks": spaced(["苹果咖啡"] * 3 + ["报纸电影"] * 9)}) as library:
        assert library.explore.collocates("果咖", window=CollocationWindow(1), least=1, limit=None).places == 3
        terms = {
            row.term for row in library.explore.collocates("果咖", window=CollocationWindow(1), least=1, limit=None)
        }
        assert terms.isdisjoint({"苹果", "咖啡"})


@pytest.mark.parametrize(("seconds", "near"), [(3, ["苹果"]), (9, ["苹果", "西瓜"])])
def test_a_window_of_seconds_ends_between_cues(tools: Tools, seconds: float, near: list[str]) -> None:
    """Cues of six seconds: near are those that begin so many before what was found begins, or after it ends."""
    lines = [*["报纸。", "电影。"] * 4, "香蕉。", "苹果。", "西瓜。", *["老师。", "学生。", "学校。"] * 4]
    with tools.library({"far": spaced(lines, step=6)}) as library:
        rows = library.explore.collocates("香蕉", window=CollocationWindow(seconds, seconds=True), least=1, limit=None)
        assert sorted(row.term for row in rows if row.after) == near


def test_collocates_of_nothing_are_refused(tiny: Library) -> None:
    with pytest.raises(QueryProblem, match="name a word"):
        tiny.explore.collocates("……")
    nothing = tiny.explore.collocates("火箭")
    assert (len(nothing), nothing.places) == (0, 0)


def test_a_new_commit_is_explored_anew(tools: Tools, tmp_path: Path) -> None:
    show = tmp_path / "show"
    write_lines(show / "a.srt", spaced(["苹果"]))
    with search.open_library(tools.index([show], tmp_path / "index")) as library:
        before = library.explore
        assert library.explore is before
        write_lines(show / "b.srt", spaced(["香蕉"]))
        tools.index([show], tmp_path / "index")
        assert {row.term for row in library.explore.terms()} == {"苹果", "香蕉"}


def test_rows_are_plain_values(sample: Library) -> None:
    """As `pandas.DataFrame` wants them: dataclasses whose fields are texts and numbers."""
    explore = sample.explore
    kinds = [explore.terms(), explore.keywords(KETTLE_LIKE), explore.new_words(), explore.collocates("模型")]
    for rows in kinds:
        assert rows
        for row in rows:
            assert {type(value) for value in asdict(row).values()} <= {str, int, float}


KETTLE_LIKE = [Filter("title", "电池")]


def test_where_times_stand_still_chapters_and_rates_still_tell_what_is_there(tools: Tools) -> None:
    lines = [(0.0, 0.0, text) for text in ("苹果很甜", "香蕉很甜", "苹果好吃")]
    with tools.library({"still": lines, "timed": spaced([f"苹果{n}" for n in range(900)])}) as library:
        (section,) = library.explore.outline("still")
        assert section.line == "苹果很甜"
        (by_show,) = library.explore.trend("苹果", by="show")
        assert (by_show.count, round(by_show.per_hour)) == (902, 900)


def test_an_episode_without_a_word_has_no_chapters(tools: Tools) -> None:
    with tools.library({"silent": [(0.0, 3.0, "……")], "other": spaced(["苹果"])}) as library:
        assert list(library.explore.outline("silent")) == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda explore: explore.trend("苹果", by="day"),
        lambda explore: explore.concordance("苹果", sort="x"),
        lambda explore: explore.collocates("苹果", sort="x"),
        lambda explore: explore.keywords(KETTLE, sort="x"),
    ],
)
def test_a_choice_that_is_none_is_one_line(tiny: Library, ask: Callable[[Explorer], object]) -> None:
    with pytest.raises(QueryProblem, match=r"is not known: choose"):
        ask(tiny.explore)


def test_what_no_part_passes_is_told_from_a_part_that_is_everything(tiny: Library) -> None:
    assert list(tiny.explore.keywords([Filter("title", "没有这个")])) == []
    with pytest.raises(QueryProblem, match="nothing else passes --against"):
        tiny.explore.keywords(KETTLE, against=[Filter("title", "没有这个")])
