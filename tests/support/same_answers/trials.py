"""Random trials of what a cluster and a folder must answer alike. A trial is a value: a library, how it is fetched, and
what is asked of it; so a smaller one can be made of it that fails likewise."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest

from indexer.store.cluster.documents.layout import FORMAT
from search import searcher
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.library import Library, open_library
from search.open_index import FolderSearcher
from search.query.deadline import Deadline
from search.retrieval.remote import remote_searcher, rounds
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.retrieval.scorer import WeighedPlan
from search.retrieval.sentences import sentence_windows
from search.scoring import SENTENCES
from search.searcher import Searcher
from support.library import MEMORY, Tools
from support.remote.disturbed import ENDS, Changing, Late, Mixed
from support.remote.fetching import ONLY_SHOWN_WHOLE, set_sizes
from support.remote.remote_index import StandIn
from support.same_answers.asked_twice import (
    EXPLORATIONS,
    UNTOLD,
    Answer,
    Question,
    Questioner,
    answer,
    is_true,
    said_in,
)
from support.same_answers.odd_worlds import Pool, World, build, changed, crowded, misheard, realistic, spacious

WORLDS = (
    *((crowded, groups) for groups in (1, 1, 2, 2, 2, 3, 4, 6)),
    *((spacious, 9), (realistic, 9), (misheard, 6), (misheard, 9), (misheard, 15)),
)
"""Ways to make a library, and the most groups of words that it draws from."""
SIZES: Mapping[str, tuple[Any, ...]] = {
    "FIRST_BATCH": (1, 2, 5),
    "BATCH": (1, 2, 5),
    "MOST_BOUNDED": (1, 3, 30, 400),
    "_MOST_ATOMS": (0, 200, 200),
    "_PARTIAL": (1, 3),
    "_WINDOWS": (3, 10),
    "FIRST_PEAKS": (1, 4),
    "MOST_PEAKS": (10, 40, 400),
    "_EQUALS": (1, 3),
    "_MOST_FIRST": (1, 5),
    "_MOST_GROUPS": (1, 3),
    "FIRST_TIMED": (1, 2, 5),
    "TIMED_AT_ONCE": (0, 0, 2),
    "_AT_LEAST": (1, 1, 3),
    "_NARROWING": (1, 2),
    "_AT_ONCE": (1, 2),
    "MANY": (0, 2),
    "_PART": (1, 3),
    "ANSWER_BYTES": (100, 3000),
    "_MOST_NAMED": (0, 2),
    "_LEAST_CUES": (1, 3),
    "_MOST_PARTS": (0, 2),
    "_AROUND": (0, 2),
    "_MOST_SOUNDS": (2, 10),
    "_MOST_WAYS": (3, 20),
    "_DECODED": (1, 3),
    "_COUNTED": (1, 4),
    "_WORDS_AT_ONCE": (1, 3),
    "MOST_EPISODES": (1, 3),
}
"""Constants of fetching and ranking, and what they may be instead."""
MOSTLY: Mapping[str, tuple[int, ...]] = {
    "FEW": (0, 0, 0, 0, 2, 12),
    "ALL_AT_ONCE": (0, 300),
    "RARE": (0, 0, 0, 2, 60),
}
"""The same of those by which a small library would all be fetched whole."""
KEPT = (0, 300, 5000, 128 << 20)
"""Bytes of episodes that are kept for the next question."""
WINDOWS = (500, 500, 2, 4, 10)
"""The most windows that a ranking gives the full score, and episodes that running text reads: with fewer, few do for
ties and bounds to matter."""
CUT_OFF = "MOST_EPISODES"
"""With which an answer may be incomplete."""
PASTED = {misheard: 0.7}
"""How many of the questions are running text, of the worlds that are made for it."""
OLDER = FORMAT + 1
"""The format of a library in which some episodes are of an earlier one."""
_REQUESTS = 60
_AGES = 7


class Trial(NamedTuple):
    """`states` are those of the library, one after the other; the last one is searched, but for a change, which is from
    the last but one to it."""

    kind: str
    states: tuple[World, ...]
    questions: tuple[Question, ...]
    format: int = FORMAT
    sizes: tuple[tuple[str, int], ...] = ()
    kept: int = KEPT[-1]
    windows: int = WINDOWS[0]

    @property
    def size(self) -> int:
        """The cues in its library."""
        return sum(len(talk.cues) for world in self.states for talk in world.talks)


class Difference(NamedTuple):
    """A question that was not answered as it must be: what was expected, and what was answered."""

    question: Question
    expected: object
    found: object


def make_trial(seed: int, tools: Tools, small: bool = False) -> Trial:
    """A trial by its seed; one that is `small` is answered at once."""
    chance = random.Random(seed)
    make, groups = (crowded, 4) if small else chance.choice(WORLDS)
    pool = Pool(chance, chance.randint(1, groups), tools.readings)
    kind = chance.choice(("steady", "steady", "steady", "steady", "late", "changing", "committed"))
    states = [make(chance, pool)]
    if kind == "changing":
        states.append(changed(chance, states[0]))
    elif kind == "committed":
        states = [changed(chance, states[0]) for _ in range(chance.choice((1, 2, 3)))] + states
    with TemporaryDirectory(dir=MEMORY) as folder, open_library(build(tools, states[-1:], Path(folder))) as library:
        count = (75 if kind in ("steady", "committed") else 6) // (6 if small else 1)
        questions = _questions(library, pool, chance, PASTED.get(make, 0.1), count)
    sizes = {name: chance.choice(values) for name, values in MOSTLY.items()}
    if chance.random() < 0.75:
        sizes |= {name: chance.choice(values) for name, values in SIZES.items() if chance.random() < 0.6}
        if chance.random() < 0.9:
            sizes.pop(CUT_OFF, None)
    if make is misheard:
        sizes |= ONLY_SHOWN_WHOLE
    format = chance.choice((1, 2, 3, 3, 4, 4, 4, 4, OLDER))
    kept, windows = chance.choice(KEPT), chance.choice(WINDOWS)
    return Trial(kind, tuple(states), questions, format, tuple(sizes.items()), kept, windows)


def _questions(library: Library, pool: Pool, chance: random.Random, pasted: float, count: int) -> tuple[Question, ...]:
    """Questions of a library, of which so many are running text; none if nothing is said in it."""
    try:
        questioner = Questioner(library, pool, chance, pasted)
        return tuple(questioner.question() for _ in range(count))
    except IndexError:
        return ()


def differences(trial: Trial, tools: Tools) -> Iterator[Difference]:
    """What is not answered as it must be."""
    with TemporaryDirectory(dir=MEMORY) as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(remote_searcher, "_BESIDE", 1e9)  # seconds, which are the clock's
        patch.setattr(rounds, "MOST_ROUNDS", 1000)  # batches may be of one episode
        sizes = dict(trial.sizes)
        set_sizes(patch, **{"_SIDEWAYS": 1} if "BATCH" in sizes else {}, **sizes)
        limit_windows(patch, trial.windows)
        last = build(tools, trial.states[-1:], Path(folder), "last")
        if trial.kind == "changing":
            yield from _while_changing(trial, build(tools, trial.states[-2:-1], Path(folder), "before"), last)
            return
        near = FolderSearcher(EmbeddedSnapshot(last))
        if trial.kind == "late":
            yield from _in_too_little_time(trial, near, last)
            return
        if trial.kind == "committed":
            last = build(tools, trial.states, Path(folder), "several")
            yield from _compared(trial, near, FolderSearcher(EmbeddedSnapshot(last)))
        yield from _compared(trial, near, _far(trial, remote(trial, last)))


def limit_windows(patch: pytest.MonkeyPatch, most: int) -> None:
    """At most so many windows get the full score, and so many episodes are read of running text."""
    made = WeighedPlan.__init__

    def make(self: WeighedPlan, *given: Any, **named: Any) -> None:
        made(self, *given, **named)
        self.most_windows = min(self.most_windows, most)

    fewer = SENTENCES._replace(episodes=min(SENTENCES.episodes, most), windows=min(SENTENCES.windows, most))
    patch.setattr(WeighedPlan, "__init__", make)
    patch.setattr(searcher, "SENTENCES", fewer)
    patch.setattr(sentence_windows, "SENTENCES", fewer)


def remote(trial: Trial, index: Path) -> StandIn:
    return Mixed(index) if trial.format == OLDER else StandIn(index, trial.format)


def _far(trial: Trial, index: Any) -> RemoteSearcher:
    far = RemoteSearcher(index, Searcher)
    far._rounds.kept._most = trial.kept
    return far


def _compared(trial: Trial, near: FolderSearcher, other: Any) -> Iterator[Difference]:
    is_cut_off = CUT_OFF in dict(trial.sizes)
    for question in trial.questions:
        expected, found = answer(near, question), _told(other, question)
        if is_cut_off and isinstance(found, Answer) and (found.incomplete or question.kind in UNTOLD):
            continue
        if found != expected:
            yield Difference(question, expected, found)


def _told(searcher: Any, question: Question, deadline: Deadline | None = None) -> Answer | str:
    """An answer, or the error that no answer may be."""
    try:
        return answer(searcher, question, deadline)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _in_too_little_time(trial: Trial, near: FolderSearcher, index: Path) -> Iterator[Difference]:
    """The time is over in any of the requests: an answer that says nothing of it is the whole one, and moments are
    said."""
    said = said_in(near.snapshot)
    for number, question in enumerate(trial.questions):
        if question.kind in UNTOLD:
            continue
        expected = answer(near, question)
        end = list(ENDS)[number % len(ENDS)]
        for most in range(_REQUESTS):
            late = Late(remote(trial, index), most, end)
            found = _told(_far(trial, late), question, late.deadline)
            if isinstance(found, str):
                yield Difference(question, f"in {most} requests, then {end}", found)
            elif found.incomplete is None:
                if found != expected and CUT_OFF not in dict(trial.sizes):
                    yield Difference(question, expected, (f"in {most} requests, then {end}", found))
            elif untrue := [one for one in found.moments if not is_true(one, said)]:
                yield Difference(question, f"in {most} requests, then {end}: what is said", untrue)
            if late.left >= 0:
                break


def _while_changing(trial: Trial, before: Path, after: Path) -> Iterator[Difference]:
    """The library changes after any of the requests: each moment is said before or after."""
    states = [said_in(EmbeddedSnapshot(index)) for index in (before, after)]
    for question in trial.questions:
        if question.kind in EXPLORATIONS:
            continue
        for at in range(1, _AGES):
            far = _far(trial, Changing(before, after, at, min(trial.format, FORMAT)))
            for _ in range(2):  # the second reads what the first has kept
                found = _told(far, question)
                if isinstance(found, str):
                    yield Difference(question, f"an answer, changed after {at} requests", found)
                    continue
                untrue = [one for one in found.moments if not any(is_true(one, said) for said in states)]
                if untrue:
                    yield Difference(question, f"what is said, changed after {at} requests", untrue)
