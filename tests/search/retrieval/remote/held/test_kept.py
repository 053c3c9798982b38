"""What is kept of a remote index between questions: stored fields and frequencies, as many as fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.remote.remote_index import StandIn

from indexer.core.errors import IndexProblem
from indexer.store import schema
from search.backends.conditions import EVERY, HasSounds
from search.backends.opensearch import index as opensearch
from search.library import open_library
from search.retrieval.remote.facts.known_words import known_words
from search.retrieval.remote.fetching import episodes_meeting, fetched_episodes
from search.retrieval.remote.fetching.episodes_meeting import get_all
from search.retrieval.remote.held import held_episodes
from search.retrieval.remote.held.columns import COLUMNS
from search.retrieval.remote.held.held_episodes import HeldEpisodes
from search.retrieval.remote.held.kept_episodes import KeptEpisodes
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.retrieval.remote.snapshots.whole_snapshot import WholeSnapshot
from search.searcher import Searcher


def test_an_episode_that_was_deleted_after_it_was_listed_is_named(sample_index: Path) -> None:
    remote = StandIn(sample_index)
    snapshot = RemoteSearcher(remote, Searcher).snapshot
    gone = snapshot.key(1)
    stored = remote.stored
    remote.stored = lambda keys, columns: stored([key for key in keys if key != gone], columns)  # type: ignore[method-assign]
    assert snapshot.times(0) is snapshot.times(0)
    with pytest.raises(
        IndexProblem, match=f"^{snapshot.ids[1]}: was deleted from the library a moment ago: try again$"
    ):
        snapshot.times(1)


def test_an_episode_larger_than_what_is_kept_is_read_all_the_same(sample_index: Path) -> None:
    remote = StandIn(sample_index)
    snapshot = WholeSnapshot(remote, known_words(remote), KeptEpisodes(1))
    with open_library(sample_index) as near:
        assert [len(snapshot.stream(n)) for n in snapshot.episodes()] == list(
            map(near.snapshot.atoms, range(len(near.snapshot.ids)))
        )


def test_a_later_question_decodes_anew(sample_index: Path) -> None:
    remote, kept = StandIn(sample_index), KeptEpisodes()
    key = WholeSnapshot(remote, known_words(remote), kept).key(0)
    one, other = fetched_episodes.Gathered(remote, kept), fetched_episodes.Gathered(remote, kept)
    for question in (one, other):
        question.fetch([key], COLUMNS)
    assert remote.fetched[key] == 1
    assert one.bodies[key] is not other.bodies[key]
    assert one.bodies[key].stored is other.bodies[key].stored is kept.get(key)


def test_what_is_known_of_a_vocabulary_is_bounded(sample_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_MOST_TERMS", "_MOST_RUNS", "_MOST_SEVERAL"):
        monkeypatch.setattr(f"search.retrieval.remote.facts.known_words.{name}", 3)
    words = known_words(StandIn(sample_index))
    several = list(words.words("一"))[:9]
    for one in several:
        words.learn([one])
        words.learn_all([], [(one[0], one[-1])])
        words.having([(one[0],), (one[-1],)])
        words.note_inside(one, True)
    assert len(several) == 9
    assert {len(kept) <= 3 for kept in (words._terms, words._runs, words._several, words._inside)} == {True}


def test_a_closed_library_ends_its_connections_and_its_results_still_count(
    sample_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote = StandIn(sample_index)
    monkeypatch.setattr(opensearch, "open_index", lambda _address: remote)
    with open_library(sample_index) as near, open_library("http://127.0.0.1:9200/talks") as far:
        total = near.search("训练", limit=1).total
        result = far.search("训练", limit=1)
        assert remote.asked["close"] == 0
        far.close()
        far.close()
        assert remote.asked["close"] == 1
        assert result.total == total
        with pytest.raises(ValueError, match="this library is closed"):
            far.search("训练")


def test_what_is_lacked_of_several_groups_is_one_request_in_which_each_episode_comes_once(sample_index: Path) -> None:
    remote = StandIn(sample_index)
    one = HeldEpisodes(remote, KeptEpisodes())
    keys = remote.keys(EVERY)
    one.fetch([(keys[:1], COLUMNS)])
    asked: list[object] = []
    stored_of_each = remote.stored_of_each
    remote.stored_of_each = lambda groups: asked.append(groups) or stored_of_each(groups)  # type: ignore[method-assign,func-returns-value]
    one.fetch([(keys[:3], (*COLUMNS, schema.SOUNDS)), (keys[1:5], COLUMNS)])
    assert asked == [[(keys[1:3], (*COLUMNS, schema.SOUNDS)), (keys[:1], (schema.SOUNDS,)), (keys[3:5], COLUMNS)]]
    bodies = [one.bodies[key] for key in keys[:5]]
    assert [not body.lacks((schema.SOUNDS,)) for body in bodies] == [True] * 3 + [False] * 2


def test_all_episodes_of_a_condition_come_with_their_keys_and_each_once(sample_index: Path) -> None:
    remote = StandIn(sample_index)
    kept = KeptEpisodes()
    keys = remote.keys(EVERY)
    with_sounds = HasSounds(((remote._snapshot.sounds(0)[0],),))
    hearing = remote.keys(with_sounds)
    fetched_episodes.Gathered(remote, kept).fetch(keys[:2], COLUMNS)  # in memory since another question
    one = fetched_episodes.Gathered(remote, kept)
    one.fetch(keys[1:3], COLUMNS)
    remote.asked.clear()
    get_all(one, {with_sounds: with_sounds, EVERY: EVERY})
    assert remote.asked == {"answers": 1}
    assert sorted(one.bodies) == sorted(keys)
    assert not any(one.bodies[key].lacks((schema.SOUNDS,)) for key in hearing)
    mute = set(keys[:3]).intersection(hearing)
    assert {key: count for key, count in remote.fetched.items() if count > 1} == dict.fromkeys(mute, 2)


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_sounds_of_an_episode_that_was_pushed_out_meanwhile_are_not_taken_for_all_of_it(
    sample_index: Path, share: float
) -> None:
    remote = StandIn(sample_index)
    keys = remote.keys(EVERY)
    with_sounds = HasSounds(((remote._snapshot.sounds(0)[0],),))
    unbounded = KeptEpisodes()
    fetched_episodes.Gathered(remote, unbounded).fetch(keys, COLUMNS)
    kept = KeptEpisodes(int(unbounded._size * share))
    fetched_episodes.Gathered(remote, kept).fetch(keys, COLUMNS)
    for _ in range(2):  # what the first question keeps, the second one reads
        one = fetched_episodes.Gathered(remote, kept)
        get_all(one, {with_sounds: with_sounds})
        assert sorted(one.bodies) == sorted(remote.keys(with_sounds))
        assert all(len(body.stream) == len(body.sounds) for body in one.bodies.values())


def test_more_than_fits_in_one_answer_is_asked_for_after_it(
    sample_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote = StandIn(sample_index)
    room = 3 * HeldEpisodes(remote, KeptEpisodes()).expected_bytes(COLUMNS)
    for module in (episodes_meeting, fetched_episodes, held_episodes):
        monkeypatch.setattr(module, "ANSWER_BYTES", room)
    one = fetched_episodes.Gathered(remote, KeptEpisodes())
    get_all(one, {EVERY: EVERY})
    assert sorted(one.bodies) == sorted(remote.keys(EVERY))
    assert set(remote.fetched.values()) == {1}
    assert remote.asked["stored"] > 0


def test_a_library_in_a_cluster_takes_no_vectors(sample_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opensearch, "open_index", lambda _address: StandIn(sample_index))
    with open_library("http://127.0.0.1:9200/talks") as far, pytest.raises(IndexProblem, match="has no vectors: make"):
        far.add_meaning()
