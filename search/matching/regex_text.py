"""The text of an episode as a regular expression sees it: folded, a line for each cue, filler for what it does not
tell apart (`regex_characters`) where an index has not all of the text at hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.positions.tokens import find_few
from indexer.store.fields.text import CueTexts
from indexer.store.segments.corruption import Reading

if TYPE_CHECKING:
    from indexer.core.positions.timeline import Times
    from indexer.core.text.folding import Folding
    from search.backends.snapshot import Snapshot

_BORDER = "\0"


class FoldedText(NamedTuple):
    """The text of each of some cues, folded, on one line, and the number of the first atom of each; None if these are
    all cues of the episode, of which its times tell the first atoms."""

    cues: Sequence[str]
    first: Sequence[int] | None = None


class Neighbourhood:
    """Where the matches of an expression can be in an episode, if each contains one of some positions (or, if there are
    none, some text within one cue) and has at most `most` characters."""

    def __init__(self, find: Callable[[], Sequence[int]] | None, spelled: str, most: int) -> None:
        """`find` tells the ascending positions; it is called when they are first asked for."""
        self._find = find
        self._spelled = spelled
        self._most = most

    @cached_property
    def places(self) -> Sequence[int]:
        """The positions."""
        return self._find() if self._find else ()

    def cues(self, texts: CueTexts, times: Times, folding: Folding) -> list[tuple[int, int]]:
        """The stretches [first, end) of cues with these matches, in order and apart: as an atom has a character at
        least, no match reaches the atoms that are `most` before and after what it contains."""
        stretches: list[tuple[int, int]] = []
        for first, last in self._contained(texts, times.first, folding):
            begin = max(0, times.cue_at(first - self._most))
            end = min(len(times), times.cue_at(last + self._most) + 1)
            if stretches and begin <= stretches[-1][1]:
                begin = stretches.pop()[0]
            stretches.append((begin, end))
        return stretches

    def _contained(self, texts: CueTexts, first: Sequence[int], folding: Folding) -> Iterable[tuple[int, int]]:
        """The first and the last atom of each position, or of each cue with the text."""
        if self._find:
            return zip(self.places, self.places, strict=True)
        cues = enumerate(_folded(texts.beside_stream(), folding))
        return ((first[cue], first[cue + 1] - 1) for cue, text in cues if self._spelled in text)


def folded_texts(
    snapshot: Snapshot, episode: int, filler: str | None, around: Neighbourhood | None = None
) -> Iterable[FoldedText]:
    """The text of an episode; if less than half of its cues are `around` what every match contains, the stretches of
    these. Without a `filler`, all of it is read. Raises IndexProblem."""
    folding = snapshot.folding
    texts, units = (snapshot.text(episode)[0], "") if filler is None else snapshot.text_with_filler(episode, filler)
    if units:
        assert filler is not None
        with Reading(snapshot.folder):
            return [_filled(_folded(texts, folding), units, filler)]
    if around is not None and isinstance(texts, CueTexts):
        times = snapshot.times(episode)
        stretches = around.cues(texts, times, folding)
        if 2 * sum(end - begin for begin, end in stretches) < len(times):
            return _of_stretches(texts, times, stretches, folding)
    return [FoldedText(_folded(texts, folding))]


def _of_stretches(
    texts: CueTexts, times: Times, stretches: Sequence[tuple[int, int]], folding: Folding
) -> Iterator[FoldedText]:
    """The texts of some stretches of cues, folded all at once."""
    cues = [text for begin, end in stretches for text in texts.excerpt(begin, end)[0]]
    folded = _folded(cues, folding)
    ends = accumulate((end - begin for begin, end in stretches), initial=0)
    for (begin, end), (first, last) in zip(stretches, pairwise(ends), strict=True):
        yield FoldedText(folded[first:last], times.first[begin : end + 1])


def _folded(texts: Sequence[str], folding: Folding) -> Sequence[str]:
    lines = _BORDER.join(texts).replace("\n", " ").split(_BORDER)
    cues = folding.fold_all(lines).split("\n")
    if len(cues) == len(texts):
        return cues
    return [folding.fold(text).replace("\n", " ").replace(_BORDER, "") for text in texts]


def _filled(cues: Sequence[str], units: str, filler: str) -> FoldedText:
    """The cues with the characters among these units in place of filler. Raises ValueError unless they have as many
    atoms."""
    first, atom = [0], 0

    def take(stretch: re.Match[str]) -> str:
        nonlocal atom
        begin, (unknown, others) = atom, stretch.groups()
        atom += len(unknown)
        text = units[begin:atom]
        if others == _BORDER:  # as mostly
            first.append(atom)
        elif others:
            for number, part in enumerate(others.split(_BORDER)):
                first.extend([atom] * (number > 0))
                atom += sum(1 for _ in find_few(part))
        return text + others

    found = _stretch(filler).sub(take, _BORDER.join(cues))
    if atom != len(units):
        raise ValueError(_("the text is that of another episode"))
    return FoldedText(found.split(_BORDER), first)


@lru_cache(16)
def _stretch(filler: str) -> re.Pattern[str]:
    """A run of filler, if any, and of what is none."""
    return re.compile(f"({filler}*)([^{filler}]*)")
