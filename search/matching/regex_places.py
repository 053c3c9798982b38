"""Where a regular expression matches in the text of an index, as positions of atoms.

The text is that of the cues, folded, and joined as a concordance joins them, so that a match may cross cues. What every
match contains is looked for first: episodes that lack a part of it, or have two parts nowhere as close as in a match,
are not read, and of the others only the cues around, unless a match may be of any length.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import accumulate, groupby
from typing import TYPE_CHECKING

from indexer.core.errors import QueryProblem
from indexer.core.messages import _
from indexer.core.positions.token_stream import is_basic
from indexer.core.positions.tokens import find_few, is_single
from search.matching.regex_automaton import LONGEST, Automaton
from search.matching.regex_characters import distinguished, looked_for
from search.matching.regex_syntax import parse_regex
from search.matching.regex_text import Neighbourhood, folded_texts
from search.matching.regex_tree import Part, longest, required, required_runs

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

MOST = 300_000
"""Matches of one expression, which are all kept in memory."""
Places = dict[int, dict[int, list[int]]]
"""length in atoms -> episode -> ascending positions."""


def places_of_regex(expression: str, snapshot: Snapshot, episodes: Iterable[int]) -> Places:
    """Returns the places of an expression in these episodes, which are taken one by one. Raises QueryProblem for an
    expression that is wrong, or matches in too many places."""
    part = parse_regex(expression, snapshot.folding.fold)
    automaton, needed = Automaton(part), required(part)
    apart = distinguished(part, snapshot.folding.fold)
    filler = None if apart is None else apart.filler
    if apart is not None:
        snapshot.look_beside(looked_for(apart, snapshot.folding.fold, snapshot.char_count))
    having = {character: snapshot.char_episodes(character) for character in filter(is_basic, needed)}
    runs, spelled, length = _runs(part), _spelled(part), longest(part)
    most = min(LONGEST, length or LONGEST)
    is_narrow = length is not None and length <= LONGEST and bool(runs or spelled)
    places: Places = {}
    count = 0
    for episode in episodes:
        if not all(episode in known for known in having.values()):
            continue
        rarest_first = sorted(runs, key=lambda run: min(having[character][episode] for character in run))
        near = partial(_close, snapshot, episode, rarest_first, most) if runs else None
        around = Neighbourhood(near, spelled, most)
        if len(having) > 1 and not around.places:
            continue
        find = partial(_in_episode, automaton, needed, filler, snapshot, episode, around if is_narrow else None)
        for position, atoms in snapshot.matches(episode, expression, find):
            places.setdefault(atoms, {}).setdefault(episode, []).append(position)
            count += 1
        if count > MOST:
            raise QueryProblem(
                _("/{regex}/: matches in more than {most:,} places: write more of it, or choose episodes").format(
                    regex=expression, most=MOST
                )
            )
    return places


def _runs(part: Part) -> list[str]:
    """Han and kana characters that are in every match: runs of several in a row, and the others by themselves."""
    pieces = (groupby(run, is_basic) for run in required_runs(part))
    runs = {"".join(several) for each in pieces for basic, several in each if basic}
    return sorted({*runs, *filter(is_basic, required(part).difference(*runs))})


def _spelled(part: Part) -> str:
    """The longest text that is in every match and, as it can have no space in it, in one cue: Latin letters and digits,
    or a single sign; empty if there is none."""
    pieces = (groupby(run, _needs_space) for run in required_runs(part))
    runs = {"".join(several) for each in pieces for spelled, several in each if spelled}
    signs = {sign for sign in required(part).difference(*runs) if not (is_basic(sign) or sign.isspace())}
    return max(sorted({*runs, *signs}), key=len, default="")


def _close(snapshot: Snapshot, episode: int, runs: Sequence[str], most: int) -> Sequence[int]:
    """The places of the first of some runs of characters that have each of the other runs within `most` atoms."""
    stream = snapshot.stream(episode)
    first = stream.find(runs[0])
    for run in runs[1:]:
        found = stream.find(run) if first else []
        nearest = (bisect_left(found, place - most + 1) for place in first)
        first = [
            place for place, at in zip(first, nearest, strict=True) if at < len(found) and found[at] < place + most
        ]
    return first


def _in_episode(
    automaton: Automaton,
    needed: frozenset[str],
    filler: str | None,
    snapshot: Snapshot,
    episode: int,
    around: Neighbourhood | None,
) -> list[tuple[int, int]]:
    """(position, length) in atoms of each match in an episode. With `around`, only the cues that it names are read."""
    found: list[tuple[int, int]] = []
    for cues, first in folded_texts(snapshot, episode, filler, around):
        pieces = list(_spaced(cues))
        text = "".join(pieces)
        if not all(character in text for character in needed):
            continue
        begins: list[int] | None = None
        for start, end in automaton.matches(text):
            if begins is None or first is None:
                first = snapshot.times(episode).first if first is None else first
                begins = [end - len(cue) for end, cue in zip(accumulate(map(len, pieces)), cues, strict=True)]
            begin = _atom_at(cues, begins, first, start, is_end=False)
            stop = _atom_at(cues, begins, first, end, is_end=True)
            if stop > begin:
                found.append((begin, stop - begin))
    return found


def _spaced(cues: Iterable[str]) -> Iterator[str]:
    """The cues, with a space before those that begin with a letter or digit after another."""
    last = ""
    for cue in cues:
        apart = bool(last) and bool(cue) and _needs_space(last) and _needs_space(cue[0])
        yield f" {cue}" if apart else cue
        last = cue[-1:] or last


@lru_cache(4096)
def _needs_space(character: str) -> bool:
    return character.isalnum() and not is_single(character)


def _atom_at(cues: Sequence[str], begins: Sequence[int], first: Sequence[int], place: int, is_end: bool) -> int:
    """The position of the atom that holds the character at `place` of the text, or begins next after it; the position
    after that of the character before `place`, if `is_end`."""
    at = place - 1 if is_end else place
    cue = max(0, bisect_right(begins, at) - 1)
    inside = at - begins[cue]
    spans = [match.span() for match in find_few(cues[cue])]
    before = sum(1 for _begin, end in spans if end <= inside)
    if is_end:
        return first[cue] + before + (before < len(spans) and spans[before][0] <= inside)
    return first[cue] + before
