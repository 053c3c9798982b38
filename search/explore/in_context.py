"""Matches in context: what is said before and after an occurrence, as it stands in the transcript, whatever cues it
is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from indexer.atoms import is_single
from search.context import Characters
from search.links import link_at
from search.postings import Postings
from search.query.plan import Plan


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


class Lines:
    """Makes the lines of the places of a plan."""

    def __init__(self, postings: Postings, plan: Plan, context: int) -> None:
        """`context` is in characters."""
        self._postings = postings
        self._plan = plan
        self._context = context
        self._texts: dict[int, tuple[Sequence[str], Sequence[str], Characters]] = {}

    def make(self, place: Place) -> Line:
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
