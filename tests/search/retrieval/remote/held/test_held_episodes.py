"""What an episode lacks is fetched once and with others; what was fetched of episodes tells what they are known for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from support.remote.remote_index import StandIn

from indexer.store import schema
from indexer.store.cluster.documents.decks import deck_of_sound
from indexer.store.cluster.documents.layout import CLOCK
from search.backends.conditions import (
    EVERY,
    Condition,
    Conjunction,
    Disjunction,
    HasDamped,
    HasSounds,
    HasTitle,
    Holds,
    Negation,
    ValueIn,
)
from search.backends.remote import Stored
from search.retrieval.remote.fetching.episodes_meeting import get_all
from search.retrieval.remote.fetching.fetched_episodes import Gathered
from search.retrieval.remote.held.columns import COLUMNS, PARTIAL
from search.retrieval.remote.held.episode_body import Body
from search.retrieval.remote.held.held_episodes import HeldEpisodes
from search.retrieval.remote.held.kept_episodes import KeptEpisodes

WHOLE = tuple(CLOCK if name == schema.TIMES else name for name in COLUMNS)
BESIDE = tuple(name for name in WHOLE if name not in PARTIAL)


class Noted(StandIn):
    """Keeps what each request asked for, in order: the number of episodes, and columns."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.requests: list[list[tuple[int, tuple[str, ...]]]] = []

    def stored_of_each(self, groups: Sequence[tuple[Sequence[str], Sequence[str]]]) -> list[Stored]:  # type: ignore[override]
        self.requests.append([(len(keys), tuple(columns)) for keys, columns in groups])
        return super().stored_of_each(groups)


@pytest.fixture
def remote(sample_index: Path) -> Noted:
    return Noted(sample_index)


def test_what_is_lacking_is_fetched_once_and_in_one_request(remote: Noted) -> None:
    held = HeldEpisodes(remote, KeptEpisodes())
    keys = remote.keys(EVERY)
    held.fetch([(keys[:4], (*PARTIAL, "d01"))])
    held.fetch([(keys[2:6], (*PARTIAL, "d01", "d02"))])
    held.fetch([(keys[:6], (*PARTIAL, "d01"))])
    held.fetch([(keys[5:7], WHOLE), (keys[:8], (*PARTIAL, "d02"))])
    held.fetch([(keys[:8], (*PARTIAL, "d02")), (keys[5:7], WHOLE)])
    assert remote.requests == [
        [(4, (*PARTIAL, "d01"))],
        [(2, (*PARTIAL, "d01", "d02")), (2, ("d02",))],
        [(1, WHOLE), (1, BESIDE), (1, (*PARTIAL, "d02")), (2, ("d02",))],
        [(1, ("d02",))],
    ]
    assert [held.bodies[key].is_whole for key in keys[:8]] == [False] * 5 + [True] * 2 + [False]


def test_a_column_that_several_groups_want_is_fetched_once(remote: Noted) -> None:
    held = HeldEpisodes(remote, KeptEpisodes())
    keys = remote.keys(EVERY)
    held.fetch([(keys[:4], (schema.TITLES, "d01"))])
    held.fetch([(keys[:2], (CLOCK, "d02")), (keys[:3], (CLOCK, "d03")), (keys[:4], ("d02", "d03"))])
    assert remote.requests[1:] == [
        [(2, (CLOCK, "d02")), (2, ("d03",)), (1, (CLOCK, "d03")), (1, ("d02",)), (1, ("d02", "d03"))]
    ]


def test_what_another_question_fetched_is_not_fetched_again(remote: Noted) -> None:
    kept, keys = KeptEpisodes(), remote.keys(EVERY)[:3]
    for columns in ((*PARTIAL, "d01"), (*PARTIAL, "d02"), WHOLE, (*PARTIAL, "d01", "d02", "d03"), WHOLE):
        held = HeldEpisodes(remote, kept)
        held.fetch([(keys, columns)])
        assert all(not held.bodies[key].lacks(columns) for key in keys)
    assert remote.requests == [[(3, one)] for one in ((*PARTIAL, "d01"), ("d02",), BESIDE, ("d03",))]


def test_times_do_for_a_clock_and_a_stream_with_sounds_for_decks(remote: Noted) -> None:
    (key,) = remote.keys(EVERY)[:1]

    def body(*columns: str) -> Body:
        return Body(remote.stored([key], columns)[0], remote.folder)

    whole = body(*COLUMNS)
    assert whole.lacks((*PARTIAL, "d01")) == ("d01",)
    assert whole.lacks(WHOLE) == ()
    assert body(*COLUMNS, schema.SOUNDS).lacks((*WHOLE, "d01", "n3")) == ()
    assert body(*PARTIAL, schema.SOUNDS).lacks((schema.TIMES, "d01")) == ("d01",)
    assert body(*PARTIAL, "d01").lacks(COLUMNS) == (schema.STREAM, schema.MARKS, schema.TEXT)
    assert list(body(*PARTIAL).times.starts) == list(whole.times.starts)
    assert len(body(*PARTIAL).stream) == len(whole.stream)


def test_a_part_of_an_episode_that_is_read_as_a_whole_says_so(remote: Noted) -> None:
    (key,) = remote.keys(EVERY)[:1]
    part, whole = (Body(one, remote.folder) for columns in (PARTIAL, WHOLE) for one in remote.stored([key], columns))
    for body in (part, whole):
        _ = body.episode, body.times, body.marks, body.damped, body.titles, body.said([0]), body.stream.find(["一"])
        assert not body.is_wanted
        texts, speakers = body.text
        assert len(texts) == len(speakers) == len(whole.times)
        assert body.is_wanted is (body is part)


def test_of_each_episode_only_what_it_lacks_is_fetched(remote: Noted) -> None:
    held = HeldEpisodes(remote, KeptEpisodes())
    first, second, third = remote.keys(EVERY)[:3]
    held.fetch([([first], (*PARTIAL, "d01")), ([second], ("damped", "titles", "d01", "d02"))])
    remote.requests.clear()
    held.fetch([([first, second, third], (*PARTIAL, "d01", "d02"))])
    assert remote.requests == [[(1, (*PARTIAL, "d01", "d02")), (1, ("d02",)), (1, (CLOCK,))]]


def test_decks_are_not_kept_without_the_episode_that_they_belong_to(remote: Noted) -> None:
    kept, keys = KeptEpisodes(), remote.keys(EVERY)[:2]
    HeldEpisodes(remote, kept).fetch([(keys, (*PARTIAL, "d01"))])
    kept._most = 0
    kept.keep([])
    held = HeldEpisodes(remote, kept)
    (late,) = remote.stored(keys[:1], ("d02",))
    held.learn_one(late)  # the answer to a question that named it as known
    assert held.bodies[keys[0]].is_only_heard
    assert not held.is_read(keys[0])
    assert kept.get(keys[0]) is None
    held.fetch([(keys[:1], (*PARTIAL, "d01", "d02"))])
    assert held.is_read(keys[0])
    assert not held.bodies[keys[0]].lacks((*PARTIAL, "d01", "d02"))


def test_episodes_that_are_gone_are_asked_for_once(remote: Noted) -> None:
    held = HeldEpisodes(remote, KeptEpisodes())
    (gone, *_) = keys = remote.keys(EVERY)[:3]
    stored = remote.stored_of_each
    remote.stored_of_each = lambda groups: stored(  # type: ignore[method-assign]
        [([key for key in keys if key != gone], columns) for keys, columns in groups]
    )
    held.fetch([(keys, PARTIAL)])
    assert held.gone == {gone}
    assert held.is_read(gone)
    assert sorted(held.bodies) == sorted(keys[1:])


ONE, OTHER = Holds(("一",)), Holds(("二",))
SOUNDS = HasSounds(((1,), (2,)))
SEVERAL_SOUNDS = HasSounds(((1, 3), (2,)))


@pytest.mark.parametrize(
    ("complete", "decks", "condition", "is_complete"),
    [
        ((), (), ONE, False),
        ((ONE,), (), ONE, True),
        ((ONE,), (), OTHER, False),
        ((ONE,), (), Conjunction((OTHER, ONE)), True),
        ((ONE,), (), Conjunction((OTHER, HasDamped())), False),
        ((ONE,), (), Disjunction((OTHER, ONE)), False),
        ((ONE, OTHER), (), Disjunction((OTHER, ONE)), True),
        ((ONE, OTHER), (), Disjunction((Conjunction((HasTitle(()), ONE)), OTHER)), True),
        ((ONE,), (), Negation((ONE,)), False),
        ((ONE,), (), Negation((OTHER,)), False),
        ((Disjunction((ONE, OTHER)),), (), Disjunction((ONE, OTHER)), True),
        ((Conjunction((ONE, OTHER)),), (), ONE, False),
        ((EVERY,), (), ONE, True),
        ((EVERY,), (), Negation((ONE,)), True),
        ((EVERY,), (), Disjunction((ONE, HasTitle(("一",)))), True),
        ((EVERY,), (1, 2), SOUNDS, True),
        ((EVERY,), (1,), SOUNDS, False),
        ((EVERY,), (1, 2, 3), SEVERAL_SOUNDS, True),
        ((EVERY,), (1, 2), SEVERAL_SOUNDS, False),
        ((EVERY, SEVERAL_SOUNDS), (), SEVERAL_SOUNDS, True),
        ((SOUNDS,), (), SOUNDS, True),
        ((ONE,), (1, 2), SOUNDS, False),
    ],
)
def test_what_was_fetched_tells_which_conditions_are_known(
    remote: Noted, complete: Sequence[Condition], decks: Sequence[int], condition: Condition, is_complete: bool
) -> None:
    gathered = Gathered(remote, KeptEpisodes())
    gathered.decks = frozenset(map(deck_of_sound, decks))
    gathered.complete.note(complete)
    assert gathered.is_complete(condition) is is_complete


def test_all_episodes_that_pass_a_filter_are_not_all_episodes(remote: Noted) -> None:
    gathered = Gathered(remote, KeptEpisodes())
    gathered.decks = frozenset(("d01", "d02"))
    get_all(gathered, {EVERY: ValueIn("title", ("no such title",))})
    assert gathered.is_complete(EVERY)
    assert not any(map(gathered.is_complete, (ONE, SOUNDS, Negation((ONE,)))))
    get_all(gathered, {EVERY: EVERY})
    assert all(map(gathered.is_complete, (EVERY, ONE, SOUNDS, Negation((ONE,)))))


def test_whole_episodes_do_not_tell_sounds(remote: Noted) -> None:
    gathered = Gathered(remote, KeptEpisodes())
    get_all(gathered, {EVERY: EVERY})
    assert gathered.is_complete(ONE)
    assert not gathered.is_complete(SOUNDS)
