"""The text around places of an episode, as one text on one line: of few places, only the cues near them are decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.core.named_tuples import NamedTuple
from search.results.characters import Characters
from search.results.joined_text import JoinedText

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_BESIDE = 12
"""To decode the cues around one place takes as long as to decode so many more among others."""


class Around(NamedTuple):
    """A stretch of an episode with the characters [start, stop) of a place in its `text`, and the cue, of those of the
    episode, in which the place begins."""

    text: str
    start: int
    stop: int
    cue: int


class Surroundings:
    """The text around places of one episode."""

    def __init__(self, snapshot: Snapshot, episode: int, reach: int, places: int) -> None:
        """`reach` is the number of characters that are asked for on each side, of about so many `places`."""
        self._texts, self.speakers = snapshot.text(episode)
        self._times = times = snapshot.times(episode)
        self._folding = snapshot.folding
        self._reach = reach
        cues = 2 * reach * len(times) / max(1, times.first[-1])
        self._is_decoded = places * (cues + _BESIDE) > len(times)
        self._whole: _Stretch | None = None

    def of(self, begin: int, end: int) -> Around:
        """Returns the text around the atoms [begin, end): `reach` characters on each side and more, or all there is."""
        cues, reach = len(self._times), self._reach
        while not self._is_decoded:
            stretch = self._decode(self._cue_at(begin - reach), self._cue_at(end + reach) + 1)
            found = stretch.around(begin, end)
            is_enough = found.start >= self._reach or stretch.first == 0
            if is_enough and (len(found.text) - found.stop >= self._reach or stretch.end == cues):
                return found
            reach = 2 * reach + 1  # some atoms are less than a character
        if self._whole is None:
            self._whole = self._decode(0, cues)
        return self._whole.around(begin, end)

    def _cue_at(self, place: int) -> int:
        """The cue of an atom, or the first or the last one."""
        if place <= 0:
            return 0
        return self._times.cue_at(place) if place < self._times.first[-1] else len(self._times) - 1

    def _decode(self, first: int, end: int) -> _Stretch:
        texts, plain = self._texts.excerpt(first, end)
        return _Stretch(first, JoinedText(texts), Characters(texts, self._times, self._folding, plain, first))


class _Stretch(NamedTuple):
    """Decoded cues of an episode, from the cue `first` on."""

    first: int
    texts: JoinedText
    characters: Characters

    @property
    def end(self) -> int:
        """The cue after the last one."""
        return self.first + len(self.texts)

    def around(self, begin: int, end: int) -> Around:
        """The text with the place of the atoms [begin, end) in it."""
        pieces = self.characters.pieces(begin, end)
        (cue, start, _), (last, _, stop) = pieces[0], pieces[-1]
        begins = self.texts.begins
        return Around(self.texts.text, start + begins[cue - self.first], stop + begins[last - self.first], cue)
