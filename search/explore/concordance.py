"""The concordance: every match of a query in its context, sorted by what stands beside it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from typing import Any, NamedTuple, overload

from indexer.atoms import is_single
from indexer.stream import Stream
from search.context import Characters, outermost
from search.every import every_window
from search.explore.trends import in_time
from search.links import link_at
from search.model import Model
from search.postings import Postings
from search.query.plan import Plan
from search.windows import Hit, length_of

CONTEXT = 40
"""Characters on each side."""
_NEIGHBOURS = 12
"""Atoms on each side that are compared."""


@dataclass(frozen=True, slots=True)
class Line:
    """A match in its context, all as it stands in the transcript: what is `before` it, the `match`, what is `after`.
    `start` and `end` are seconds; `term` is that of the query, and `how` they meet as in `search.results.Match`."""

    before: str
    match: str
    after: str
    term: str
    how: str
    episode: str
    title: str
    date: str | None
    start: float
    end: float
    speaker: str
    url: str | None


class Place(NamedTuple):
    """Atoms of an episode that match, [begin, end), and the numbers of the term and of its alternative."""

    episode: int
    begin: int
    end: int
    term: int
    way: int


_Key = Callable[[Place], Any]
"""What places are sorted by."""


class Concordance(Sequence[Line]):
    """The lines, each made when it is asked for. `total` counts all matches, of which these may be a part, `episodes`
    the episodes that have any, and `damped` those left out as loops and stock lines."""

    def __init__(
        self, places: Sequence[Place], make: Callable[[Place], Line], total: int, episodes: int, damped: int
    ) -> None:
        self._places = places
        self._make = make
        self.total = total
        self.episodes = episodes
        self.damped = damped

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Line, ...]: ...
    def __getitem__(self, index: int | slice) -> Line | tuple[Line, ...]:
        chosen = self._places[index]
        return self._make(chosen) if isinstance(chosen, Place) else tuple(map(self._make, chosen))

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Line]:
        return map(self._make, self._places)


def concordance(
    postings: Postings,
    plan: Plan,
    *,
    sort: str = "time",
    limit: int | None = 20,
    sample: int | None = None,
    seed: int = 0,
    context: int = CONTEXT,
) -> Concordance:
    """The matches of a plan, sorted by one of `SORTS`: `limit` of them, or before that a random `sample`, which is the
    same for the same `seed`. `context` is in characters."""
    found, damped = _find(postings, plan)
    total, episodes = len(found), len({place.episode for place in found})
    if sample is not None and sample < total:
        found = random.Random(seed).sample(found, sample)
    first = nsmallest(len(found) if limit is None else limit, found, SORTS[sort](postings))
    return Concordance(first, _Lines(postings, plan, context).line, total, episodes, damped)


def _find(postings: Postings, plan: Plan) -> tuple[list[Place], int]:
    """Every match of the moments of a plan, without those inside a longer one, and how many more are damped."""
    model = Model(plan, postings)
    found: list[Place] = []
    damped = 0
    for episode, hits in _hits(model):
        kept = model.undamped(hits, episode)
        damped += len(hits) - len(kept)
        found.extend(
            Place(episode, hit[0], hit[0] + length_of(hit, plan.terms), hit[1], hit[2]) for hit in outermost(kept, plan)
        )
    return found, damped


def _hits(model: Model) -> Iterator[tuple[int, Sequence[Hit]]]:
    """The hits of each episode by which it meets the query."""
    plan = model.plan
    if not plan.stand_ins and (plan.need is None or plan.is_plain):
        for episode in model.candidates:
            yield episode, model.hits(model.wanted, episode, damped=True)
    else:
        for window in every_window(model):
            yield window.episode, window.hits


def _in_time(postings: Postings) -> _Key:
    order = {number: at for at, number in enumerate(in_time(postings, postings.episodes()))}
    return lambda place: (order[place.episode], place.begin)


def _newest_first(postings: Postings) -> _Key:
    numbers = sorted(postings.episodes(), key=lambda number: postings.episode(number).id)
    numbers.sort(key=lambda number: postings.episode(number).date or "", reverse=True)
    order = {number: at for at, number in enumerate(numbers)}
    return lambda place: (order[place.episode], place.begin)


def _by_episode(postings: Postings) -> _Key:
    return lambda place: (postings.episode(place.episode).id, place.begin)


def _by_left(postings: Postings) -> _Key:
    """Atom by atom from the match outward; what begins an episode comes first."""
    written = lru_cache(None)(lambda episode: _Written(postings.stream(episode)))
    return lambda place: written(place.episode).key(max(0, place.begin - _NEIGHBOURS), place.begin, -1)


def _by_right(postings: Postings) -> _Key:
    written = lru_cache(None)(lambda episode: _Written(postings.stream(episode)))
    return lambda place: written(place.episode).key(place.end, place.end + _NEIGHBOURS, 1)


class _Written:
    """The atoms of an episode as strings to sort by: hundreds of thousands are compared, which lists would be slow
    for."""

    def __init__(self, stream: Stream) -> None:
        self._text = stream.units()
        self._name = stream.name
        self._codes = frozenset(stream.codes.values())

    def key(self, begin: int, end: int, step: int) -> str:
        """The atoms [begin, end), in either direction, with what is less than any character between them."""
        units = self._text[begin:end][::step]
        return "\0".join(units if self._codes.isdisjoint(units) else map(self._name, units))


SORTS: dict[str, Callable[[Postings], _Key]] = {
    "time": _in_time,
    "left": _by_left,
    "right": _by_right,
    "date": _newest_first,
    "episode": _by_episode,
}
"""The orders: as it was said (what has no date last), by the neighbours on one side, the newest episode first, by the
ids of the episodes. Neighbours are folded, and compared by their code points."""


class _Lines:
    """Makes the lines of the places of a plan."""

    def __init__(self, postings: Postings, plan: Plan, context: int) -> None:
        self._postings = postings
        self._plan = plan
        self._context = context
        self._texts: dict[int, tuple[Sequence[str], Sequence[str], Characters]] = {}

    def line(self, place: Place) -> Line:
        episode, times = self._postings.episode(place.episode), self._postings.times(place.episode)
        texts, speakers, characters = self._of(place.episode)
        pieces = characters.pieces(place.begin, place.end)
        (first, start, _), (last, _, stop) = pieces[0], pieces[-1]
        begin = times.at(place.begin) / 1000
        term = self._plan.terms[place.term]
        return Line(
            before=self._before(texts, first, start),
            match=_between(texts, (first, start), (last, stop)),
            after=self._after(texts, last, stop),
            term=term.label,
            how=term.alternatives[place.way].how,
            episode=episode.id,
            title=episode.title,
            date=episode.date,
            start=begin,
            end=times.until(place.end) / 1000,
            speaker=speakers[first],
            url=link_at(episode, begin),
        )

    def _of(self, episode: int) -> tuple[Sequence[str], Sequence[str], Characters]:
        known = self._texts.get(episode)
        if known is None:
            stored, speakers = self._postings.text(episode)
            texts = _Remembered(stored)
            characters = Characters(texts, self._postings.times(episode), self._postings.folding)
            known = self._texts[episode] = texts, speakers, characters
        return known

    def _before(self, texts: Sequence[str], cue: int, end: int) -> str:
        text, furthest = plain(texts[cue][:end]), max(0, cue - self._context)
        while len(text) < self._context and cue > furthest:
            cue -= 1
            text = joined(plain(texts[cue]), text)
        return text[max(0, len(text) - self._context) :]

    def _after(self, texts: Sequence[str], cue: int, start: int) -> str:
        text, furthest = plain(texts[cue][start:]), min(len(texts) - 1, cue + self._context)
        while len(text) < self._context and cue < furthest:
            cue += 1
            text = joined(text, plain(texts[cue]))
        return text[: self._context]


class _Remembered(Sequence[str]):
    """The texts of cues, each put together once: contexts overlap."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._known: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, cue: int) -> str:  # type: ignore[override]
        known = self._known.get(cue)
        if known is None:
            known = self._known[cue] = self._texts[cue]
        return known


def _between(texts: Sequence[str], first: tuple[int, int], last: tuple[int, int]) -> str:
    """The text from one place (cue, character) to another."""
    if first[0] == last[0]:
        return plain(texts[first[0]][first[1] : last[1]])
    text = plain(texts[first[0]][first[1] :])
    for cue in range(first[0] + 1, last[0]):
        text = joined(text, plain(texts[cue]))
    return joined(text, plain(texts[last[0]][: last[1]]))


def plain(text: str) -> str:
    """A text on one line."""
    return text.replace("\r", "").replace("\n", " ").replace("\t", " ")


def joined(one: str, other: str) -> str:
    """Two cues in a row as one text: with a space between, where the script has them between words.

    >>> joined("语音", "识别"), joined("speech", "to text"), joined("用", "GPU")
    ('语音识别', 'speech to text', '用GPU')
    """
    apart = one and other and not any(map(_is_close, (one[-1], other[0])))
    return f"{one} {other}" if apart else one + other


def _is_close(character: str) -> bool:
    """True for a character that needs no space beside it: Han, kana, their punctuation, or a space."""
    wide = "\u3000" <= character <= "\u303f" or "\uff00" <= character <= "\uffef"
    return is_single(character) or character.isspace() or (wide and not character.isalnum())
