"""The contract of `search.backends`: what every engine must answer, against the texts that were indexed.

A new engine is added to `ENGINES`: a function that indexes a folder of transcripts and opens the result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import pytest
from support.library import Line, Tools, spaced, write_lines
from support.nodes import recorded
from support.remote.remote_index import StandIn

from indexer.core.positions.token_stream import is_basic
from indexer.core.positions.tokens import is_single, split_atoms
from indexer.store.impacts import WINDOW_MS
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.backends.opensearch import index as opensearch
from search.backends.snapshot import Snapshot
from search.matching.word_positions import word_places
from search.retrieval.remote.facts.known_words import known_words
from search.retrieval.remote.held.kept_episodes import KeptEpisodes
from search.retrieval.remote.snapshots.whole_snapshot import WholeSnapshot

TOML = """
[[episodes."b".chapters]]
start = 0
title = "網路入門"

[[episodes."b".chapters]]
start = 8
title = "GPU 2"
"""
LOOP = "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目"
EPISODES: dict[str, list[Line]] = {
    "c": spaced(["强化学习很难", "学习强化学习", "哈哈哈哈", "搞笑的稿小", "GPT4和Qwen很好", "Qwen说GPT4"], 9.0),
    "a": spaced(["今天聊聊网络", "網路很慢", "网络网络网络", LOOP, LOOP, LOOP, "下期再见"]),
    "b": spaced(["我们去银行学习", "三十个人有1.5倍", "搞笑", "の是日文的", "网络"], 12.0),
}


def embedded(tools: Tools, shows: Path, folder: Path) -> EmbeddedSnapshot:
    return EmbeddedSnapshot(tools.index([shows], folder))


def remote(tools: Tools, shows: Path, folder: Path) -> Snapshot:
    index = StandIn(tools.index([shows], folder))
    return WholeSnapshot(index, known_words(index), KeptEpisodes())


def elasticsearch(tools: Tools, shows: Path, folder: Path) -> Snapshot:
    index = RECORDED(tools, shows, folder)
    snapshot = WholeSnapshot(index, known_words(index), KeptEpisodes())
    assert snapshot.episodes()  # what was not read yet is as it is when it is read
    return snapshot


RECORDED = recorded.Engine()
Engine = Callable[[Tools, Path, Path], Snapshot]
"""Indexes the transcripts in a folder, into another one, and opens the result."""
ENGINES: dict[str, Engine] = {"embedded": embedded, "remote": remote, "elasticsearch": elasticsearch}


@pytest.fixture(autouse=True)
def attentive(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library in a cluster looks for a new epoch every time, not once a second."""
    monkeypatch.setattr(opensearch, "_CHECKED_EVERY", 0.0)


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return ENGINES[request.param]


@pytest.fixture(scope="module")
def snapshot(engine: Engine, tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("contract")
    write_shows(folder / "shows")
    opened = engine(tools, folder / "shows", folder / "index")
    # What is asked of a recording must not depend on which tests were run before.
    assert all(opened.episode(number) and opened.sounds(number) for number in opened.episodes())
    assert list(opened.words())
    return opened


def write_shows(folder: Path) -> None:
    for name, lines in EPISODES.items():
        write_lines(folder / f"{name}.srt", lines)
    (folder / "podcast.toml").write_text(TOML, "utf-8")


def texts(snapshot: Snapshot, episode: int) -> list[str]:
    return [text for _, _, text in EPISODES[snapshot.episode(episode).id.rpartition("/")[2]]]


def said(snapshot: Snapshot, episode: int) -> list[str]:
    return [atom for text in texts(snapshot, episode) for atom in split_atoms(snapshot.folding.fold(text))]


# --- episodes -----------------------------------------------------------------------------------------


def test_episodes_are_numbered_in_the_order_of_their_ids(snapshot: Snapshot) -> None:
    assert list(snapshot.episodes()) == list(range(snapshot.episode_count)) == [0, 1, 2]
    assert [snapshot.episode(number).id for number in snapshot.episodes()] == ["shows/a", "shows/b", "shows/c"]
    assert snapshot.episode(2) is snapshot.episode(2)


def test_the_fields_of_an_episode_are_those_of_its_transcript(snapshot: Snapshot) -> None:
    for number in snapshot.episodes():
        lines = EPISODES[snapshot.episode(number).id.rpartition("/")[2]]
        times, (cues, speakers) = snapshot.times(number), snapshot.text(number)
        assert [cues[cue] for cue in range(len(times))] == texts(snapshot, number)
        assert list(speakers) == [""] * len(lines)
        assert [(times.starts[n] / 1000, times.end(n) / 1000) for n in range(len(times))] == [
            line[:2] for line in lines
        ]
        assert snapshot.episode(number).cues == len(lines)


def test_everything_that_counts_atoms_counts_the_same(snapshot: Snapshot) -> None:
    sizes = []
    for number in snapshot.episodes():
        stream = snapshot.stream(number)
        assert stream.atoms() == said(snapshot, number)
        assert len(stream) == snapshot.atoms(number) == snapshot.times(number).first[-1] == len(snapshot.sounds(number))
        assert len(snapshot.marks(number).begins) == len(stream)
        sizes.append(len(stream))
    assert snapshot.total_atoms == sum(sizes)


def test_what_the_recogniser_made_up_is_known_as_cues_and_as_atoms(snapshot: Snapshot) -> None:
    damped = {number: list(snapshot.damped_cues(number)) for number in snapshot.episodes()}
    assert [number for number, cues in damped.items() if cues] == [0]
    first = snapshot.times(0).first
    assert [(first[one.first], first[one.end]) for one in damped[0]] == list(snapshot.damped(0))
    assert {cue for one in damped[0] for cue in range(one.first, one.end)} >= {3, 4, 5}
    assert list(snapshot.damped(1)) == []


def test_titles_are_folded_and_belong_to_the_chapters(snapshot: Snapshot) -> None:
    assert {number: list(titles) for number, titles in snapshot.titles.items()} == {1: ["网路入门", "gpu 2"]}
    assert [chapter.title for chapter in snapshot.episode(1).facts.chapters] == ["網路入門", "GPU 2"]


# --- vocabulary ---------------------------------------------------------------------------------------


def test_words_come_sorted_and_by_prefix(snapshot: Snapshot) -> None:
    words = list(snapshot.words())
    assert words == sorted(set(words))
    assert {"学习", "强化", "网络", "银行", "gpt", "qwen", "1.5"} <= set(words)
    for prefix in ("", "学", "强化", "q", "1", "没有"):
        assert list(snapshot.words(prefix)) == [word for word in words if word.startswith(prefix)]
    assert list(snapshot.names) == [word for word in words if not is_single(word) and not word[0].isdigit()]


def test_the_count_of_a_word_is_the_sum_of_its_episodes(snapshot: Snapshot) -> None:
    for word in [*snapshot.words(), "没有", "zzz", ""]:
        episodes = snapshot.word_episodes(word)
        assert all(count > 0 for count in episodes.values())
        assert snapshot.word_count(word) == sum(episodes.values())
    assert not snapshot.word_count("没有")


def test_characters_are_counted_as_they_occur(snapshot: Snapshot) -> None:
    counts = {number: Counter(filter(is_basic, said(snapshot, number))) for number in snapshot.episodes()}
    known = list(snapshot.characters())
    assert known == sorted(set().union(*counts.values()))
    for character in [*known, "龘"]:
        expected = {number: count[character] for number, count in counts.items() if character in count}
        assert dict(snapshot.char_episodes(character)) == expected
        assert snapshot.char_count(character) == sum(expected.values())


# --- candidates ---------------------------------------------------------------------------------------


def test_a_word_has_as_many_places_as_its_postings_say(snapshot: Snapshot) -> None:
    for word in snapshot.words():
        for number, count in snapshot.word_episodes(word).items():
            places = word_places(snapshot.stream(number), split_atoms(word), count, partial(snapshot.marks, number))
            assert len(places) == count


def test_a_peak_bounds_the_occurrences_in_every_window(snapshot: Snapshot) -> None:
    for character in snapshot.characters():
        peaks, counts = snapshot.char_peaks(character), snapshot.char_episodes(character)
        assert peaks.keys() == counts.keys()
        for number, count in counts.items():
            places = snapshot.stream(number).find((character,))
            assert densest(snapshot, number, places) <= peaks[number] <= count
    for word in snapshot.words():
        peaks, counts = snapshot.word_peaks(word), snapshot.word_episodes(word)
        assert peaks.keys() == counts.keys()
        assert all(1 <= peaks[number] <= count for number, count in counts.items())


def densest(snapshot: Snapshot, episode: int, places: Sequence[int]) -> int:
    times = snapshot.times(episode)
    at = [times.at(place) for place in places]
    return max(sum(begin <= time <= begin + WINDOW_MS for time in islice(at, n, None)) for n, begin in enumerate(at))


@pytest.mark.parametrize("run", [("我",), ("我", "们"), ("今", "天", "我"), ("gpu",), ("a", "i"), ("饕", "餮")])
def test_a_run_is_found_in_all_episodes_as_in_each_however_often_it_is_sought(
    snapshot: Snapshot, run: tuple[str, ...]
) -> None:
    several = list(snapshot.episodes())[::-1]
    each = {number: places for number in several if (places := snapshot.stream(number).find(run))}
    for _ in range(12):
        assert list(snapshot.find_in_all(several, run).items()) == list(each.items())
    assert [units[:4] for units in snapshot.units(several)] == [snapshot.stream(n).packed_units for n in several]


@pytest.mark.parametrize("text", ["搞笑", "学习", "哈哈", "银行", "学"])
def test_sounds_are_found_wherever_their_classes_follow_one_another(snapshot: Snapshot, text: str) -> None:
    classes = snapshot.readings.classes
    one = [{classes[sound[0]]} for sound in snapshot.readings.read(text) if sound]
    several = [{*members, classes["xi"], classes["ha"]} for members in one]
    for wanted in (one, several, [*one[:-1], *several[-1:]], [*several[:1], *one[1:]]):
        found = {number: list(places) for number, places in snapshot.sounding(wanted)}
        assert found == naively_sounding(snapshot, wanted)
        assert found
        number, (at, *_) = next(iter(found.items()))
        way = bytes(snapshot.sounds(number)[at : at + len(wanted)])
        alike = naively_sounding(snapshot, [{one} for one in way])
        assert {number: list(places) for number, places in snapshot.sounding(wanted, (), {way})} == alike


def test_words_that_are_rare_are_among_what_sounds_so(snapshot: Snapshot) -> None:
    classes = snapshot.readings.classes
    wanted = [{classes["gao"]}, {classes["xiao"], classes["shang"]}]
    every = naively_sounding(snapshot, wanted)
    found = {number: set(places) for number, places in snapshot.of_rare_words(wanted, 5, lambda _word: True)}
    assert all(places <= set(every[number]) for number, places in found.items())
    for number, places in every.items():
        for at in places:
            word = snapshot.stream(number).atoms(at, at + len(wanted))
            if 0 < snapshot.word_count("".join(word)) <= 5:
                assert at in found[number]


def naively_sounding(snapshot: Snapshot, wanted: Sequence[Collection[int]]) -> dict[int, list[int]]:
    found = {}
    for number in snapshot.episodes():
        sounds = snapshot.sounds(number)
        starts = range(len(sounds) - len(wanted) + 1)
        places = [at for at in starts if all(sounds[at + n] in members for n, members in enumerate(wanted))]
        if places:
            found[number] = places
    return found


# --- commits ------------------------------------------------------------------------------------------


def test_a_snapshot_stays_what_it_was_and_knows_of_later_commits(engine: Engine, tools: Tools, tmp_path: Path) -> None:
    write_shows(tmp_path / "shows")
    before = engine(tools, tmp_path / "shows", tmp_path / "index")
    assert before.is_current()
    write_lines(tmp_path / "shows" / "aa.srt", spaced(["网络学习"]))
    after = engine(tools, tmp_path / "shows", tmp_path / "index")
    assert not before.is_current()
    assert after.is_current()
    ids = [[one.episode(number).id for number in one.episodes()] for one in (before, after)]
    assert ids == [["shows/a", "shows/b", "shows/c"], ["shows/a", "shows/aa", "shows/b", "shows/c"]]
    assert after.word_count("网络") == before.word_count("网络") + 1
    assert before.stream(1).atoms() == after.stream(2).atoms()


def test_a_whole_index_has_no_faults(snapshot: Snapshot) -> None:
    assert snapshot.faults() == []
    assert snapshot.unchecked() == []
