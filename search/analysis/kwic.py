"""Keywords in context: the text before and after a match, as transcribed, across cues."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, overload

from indexer.core.caches import cached
from indexer.core.named_tuples import NamedTuple
from indexer.core.tokens import is_single
from search.results.links import link_at
from search.results.snippets import Characters
from search.retrieval.resolved import ResolvedPlan

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Line:
    """A match in context, as transcribed: the text `before` it, the `match`, the text `after` it. `start` and `end` are
    seconds; `term` is the term of the query, and `how` is as in `search.api.Match`."""

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


class MatchPlace(NamedTuple):
    """The matching atoms [begin, end) of an episode, and the numbers of the term and of its alternative."""

    episode: int
    begin: int
    end: int
    term: int
    way: int


class Lines:
    """Builds the lines of a plan's matches."""

    def __init__(self, snapshot: Snapshot, plan: ResolvedPlan, context: int, kept: int | None) -> None:
        """`context` is in characters; `kept` is the number of episodes cached, None for all."""
        self._snapshot = snapshot
        self._plan = plan
        self._context = context
        self._of = cached(partial(_read, snapshot), kept)

    def make(self, place: MatchPlace) -> Line:
        number, begin, end, name, way = place
        episode, times = self._snapshot.episode(number), self._snapshot.times(number)
        cues, speakers, characters = self._of(number)
        pieces = characters.pieces(begin, end)
        (first, start, _), (last, _, stop) = pieces[0], pieces[-1]
        start, stop = start + cues.begins[first], stop + cues.begins[last]
        seconds = times.at(begin) / 1000
        term = self._plan.terms[name]
        return Line(
            before=cues.text[max(0, start - self._context) : start],
            match=cues.text[start:stop],
            after=cues.text[stop : stop + self._context],
            term=term.label,
            how=term.alternatives[way].how,
            episode=episode.id,
            title=episode.title,
            date=episode.date,
            start=seconds,
            end=times.until(end) / 1000,
            speaker=speakers[first],
            url=link_at(episode, seconds),
        )


def _read(snapshot: Snapshot, episode: int) -> tuple[_Joined, Sequence[str], Characters]:
    stored, speakers = snapshot.text(episode)
    cues = _Joined(stored)
    return cues, speakers, Characters(cues, snapshot.times(episode), snapshot.folding)


_BORDER = "\0"
"""Occurs in no text."""


class _Joined(Sequence[str]):
    """The cues of an episode as one `text` on one line, joined by a space where their script has spaces between words.
    `begins` has the offset of each cue."""

    def __init__(self, cues: Iterable[str]) -> None:
        pieces = one_line(_BORDER.join(cues)).split(_BORDER)
        begins, ends = [], []
        end, last = 0, ""
        for at, piece in enumerate(pieces):
            if piece:
                if last and not (_is_close(last) or _is_close(piece[0])):
                    pieces[at] = " " + piece
                    end += 1
                last = piece[-1]
            begins.append(end)
            end += len(piece)
            ends.append(end)
        self.text = "".join(pieces)
        self.begins, self._ends = array("I", begins), array("I", ends)

    def __len__(self) -> int:
        return len(self.begins)

    @overload
    def __getitem__(self, cue: int) -> str: ...
    @overload
    def __getitem__(self, cue: slice) -> Sequence[str]: ...
    def __getitem__(self, cue: int | slice) -> str | Sequence[str]:
        if isinstance(cue, slice):
            return [self[one] for one in range(*cue.indices(len(self)))]
        return self.text[self.begins[cue] : self._ends[cue]]


def joined(cues: Iterable[str]) -> str:
    """Joins consecutive cues to one text.

    >>> joined(["语音", "识别"]), joined(["speech", "to text"]), joined(["用", "GPU"])
    ('语音识别', 'speech to text', '用GPU')
    """
    return _Joined(cues).text


def one_line(text: str) -> str:
    """The text on one line, at the same length."""
    return text.replace("\r", " ").replace("\n", " ").replace("\t", " ")


@lru_cache(4096)
def _is_close(character: str) -> bool:
    """True for a character that needs no space beside it: Han, kana, their punctuation, or a space."""
    wide = "\u3000" <= character <= "\u303f" or "\uff00" <= character <= "\uffef"
    return is_single(character) or character.isspace() or (wide and not character.isalnum())
