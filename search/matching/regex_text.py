"""The text of an episode as a regular expression sees it: folded, a line for each cue, filler for what it does not
tell apart (`regex_characters`) where an index has not all of the text at hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.positions.tokens import find_few
from indexer.store.segments.corruption import Reading

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_BORDER = "\0"


class FoldedText(NamedTuple):
    """The text of each cue, folded, on one line, and the first atom of each; None where the times of the episode tell
    these."""

    cues: Sequence[str]
    first: Sequence[int] | None = None


def folded_text(snapshot: Snapshot, episode: int, filler: str | None) -> FoldedText:
    """The text of an episode. Without a `filler`, all of it is read. Raises IndexProblem."""
    fold = snapshot.folding.fold
    if filler is None:
        return FoldedText(_folded(snapshot.text(episode)[0], fold))
    texts, units = snapshot.text_with_filler(episode, filler)
    cues = _folded(texts, fold)
    if not units:
        return FoldedText(cues)
    with Reading(snapshot.folder):
        return _filled(cues, units, filler)


def _folded(texts: Sequence[str], fold: Callable[[str], str]) -> Sequence[str]:
    cues = fold(_BORDER.join(texts)).replace("\n", " ").split(_BORDER)
    return cues if len(cues) == len(texts) else [fold(text).replace("\n", " ").replace(_BORDER, "") for text in texts]


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
