"""What the episodes fetched from a remote index cannot answer, so that the next round has to fetch it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from indexer.core.named_tuples import NamedTuple
from indexer.core.words.pronunciation import Readings
from search.backends.conditions import Condition, HasSounds
from search.backends.remote import Spelled


class Lacking(NamedTuple):
    """What a snapshot was asked and could not answer: conditions whose episodes may be missing, and those of them
    whose episodes are read around each place, or for the signs there; words, characters and runs of unknown
    frequency; ways in which words may be spelled that were not asked for; keys of episodes without their sounds,
    and of those of which decks would do, too; decks that episodes are without; keys of episodes whose clocks are
    wanted, and of those that are wanted whole; keys of those of which a few text parts are wanted, with the names
    of these; and words with the keys of episodes that have them only inside longer words, if at all."""

    conditions: tuple[Condition, ...]
    with_text: frozenset[Condition]
    with_signs: frozenset[Condition]
    terms: frozenset[str]
    runs: frozenset[tuple[str, ...]]
    spelled: frozenset[Spelled]
    sounds: frozenset[str]
    mute: frozenset[str]
    decks: frozenset[str]
    clocks: frozenset[str]
    whole: frozenset[str]
    parts: Mapping[str, frozenset[str]]
    inside: Mapping[str, tuple[str, ...]]

    @property
    def is_of_lines(self) -> bool:
        """Whether lines of episodes were lacking that would be shown."""
        return bool(self.whole or self.parts)

    @property
    def has_uncounted(self) -> bool:
        """Whether something that the vocabulary counts was not known."""
        return bool(self.terms or self.runs or self.spelled)


def having_sounds(
    readings: Readings, classes: Sequence[Collection[int]], itself: Sequence[str], ways: Collection[bytes] | None = None
) -> HasSounds:
    """The condition of episodes with these sounds, other than of the run itself where that sounds so everywhere."""
    wanted = tuple(tuple(sorted(members)) for members in classes)
    is_sure = len(wanted) > 1 and readings.are_always([members[0] for members in wanted], itself)
    own = tuple(itself) if is_sure and all(len(one) == 1 for one in wanted) else ()
    return HasSounds(wanted, own, tuple(sorted(map(tuple, ways or ()))))
