"""Fetches all episodes of a remote index that meet one of some conditions.

What an episode is wanted for decides what is fetched of it: of one that only sounds like the query somewhere, and that
passages bound (`Gathered.hears_apart`), no more than the decks of these sounds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set

from indexer.store import schema
from search.backends.conditions import Condition, HasSounds, Holds
from search.backends.remote import Answers, ByBound, Questions, WantedEpisodes
from search.retrieval.remote.fetching.fetched_episodes import Gathered
from search.retrieval.remote.held.columns import lacking
from search.retrieval.remote.held.held_episodes import ANSWER_BYTES
from search.retrieval.remote.projection.wanted_columns import WantedColumns
from search.retrieval.remote.projection.wanted_decks import decks_by_key, grouped, is_large, of_sounds, ways_of

_MOST_GROUPS = 120
"""Groups of episodes with other columns in one request, about: each is a search of its own."""


class EpisodesMeeting:
    """The episodes that meet one of some conditions: `ask` tells which these are and fetches what fits beside that,
    `fetch` the rest. Both then count as complete, the conditions and those that they suffice for."""

    def __init__(
        self,
        gathered: Gathered,
        wanted: Mapping[Condition, Condition],
        with_text: Set[Condition] = frozenset(),
        with_signs: Set[Condition] = frozenset(),
    ) -> None:
        """`wanted` has for each condition the narrower one that suffices for it. Whole come the episodes of those
        `with_text`, with their signs those of the ones `with_signs`."""
        self._gathered = gathered
        self._wanted = wanted
        self._with_text, self._with_signs = with_text, with_signs
        every = list(dict.fromkeys(wanted.values()))
        self._each = [ways for one in every if not self._is_heard(one) and (ways := ways_of(one))]
        """Short conditions of sounds of which each episode tells which it has: those of each."""
        self._conditions = [one for one in every if self._is_heard(one) or not ways_of(one)]
        self._answers = Answers()
        self._likely: Sequence[str] = ()

    @property
    def takes_two(self) -> bool:
        """Whether `fetch` surely takes a request of its own, in which other episodes may come."""
        return bool(self._each)

    def ask(self, listed: ByBound | None = None, likely: Sequence[str] = ()) -> None:
        """Asks for the keys of all, and fetches as many as fit in one answer. In the same request passages are
        `listed`, and episodes that are `likely` to compete are fetched."""
        gathered, self._likely = self._gathered, likely
        also = (
            *gathered.by_key(likely, gathered.columns.ranked),
            *self._not_here(likely),
            *gathered.also_lacked(),
        )
        conditions, each = tuple(self._conditions), tuple(self._each)
        self._answers = gathered.ask(Questions(conditions, gathered.most + 1, also, listed, sounding=each))

    def fetch(self, likely: Sequence[str] = ()) -> None:
        """Fetches what `ask` left, and others that are `likely` to compete."""
        gathered = self._gathered
        columns = self._columns((*self._likely, *likely))
        kept = gathered.with_room(list(columns))
        gathered.fetch_each(grouped({key: columns[key] for key in kept}, _MOST_GROUPS))
        if len(kept) == len(columns) or not gathered.is_guess:
            gathered.complete.note(set(self._wanted.values()), self._wanted)
        if len(kept) < len(columns):
            gathered.guessed_too_much = gathered.is_guess
            if not gathered.is_guess:
                gathered.too_many()

    def _columns(self, likely: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """By key, what is wanted of each episode."""
        gathered, wanted = self._gathered, self._gathered.columns
        found = list(zip(self._conditions, self._answers.keys, strict=True))
        apart = {one: decks for one in self._conditions if (decks := self._decks_apart(one)) is not None}
        heard = [key for one, keys in found if self._is_heard(one) for key in keys]
        whole = [key for one, keys in found if one in self._with_text for key in keys]
        signed = [key for one, keys in found if one in self._with_signs for key in keys]
        others = [key for one, keys in found if one not in apart for key in keys]
        columns = {key: self._first_of(key, wanted) for key in (*likely, *heard, *whole, *others)}
        columns |= {**dict.fromkeys(likely, wanted.ranked), **dict.fromkeys(signed, wanted.signed)}
        columns |= {**dict.fromkeys(whole, wanted.whole), **dict.fromkeys(heard, (*wanted.whole, schema.SOUNDS))}
        for one, keys in found:
            for key in keys if one in apart else ():
                columns[key] = (*columns.get(key, ()), *apart[one])
        for key, sounding in decks_by_key(self._answers.sounding).items():
            beside = () if gathered.hears_apart else self._first_of(key, wanted)
            columns[key] = (*columns.get(key, beside), *sorted(sounding))
        return columns

    def _first_of(self, key: str, wanted: WantedColumns) -> tuple[str, ...]:
        """The columns that are fetched of an episode that meets a condition, if it is not here, or lacks some."""
        return wanted.counted if self._gathered.is_counted(key) else wanted.new

    def _is_heard(self, condition: Condition) -> bool:
        """Whether the column of sounds is needed to tell where a condition is met."""
        return isinstance(condition, HasSounds) and (self._gathered.decks is None or of_sounds(condition) is None)

    def _decks_apart(self, condition: Condition) -> tuple[str, ...] | None:
        """The decks that are all that is fetched of an episode that meets a condition; None if more is."""
        if not self._gathered.hears_apart or condition in self._with_text or condition in self._with_signs:
            return None
        decks = of_sounds(condition)
        return None if decks is None else tuple(sorted(decks))

    def _not_here(self, likely: Sequence[str]) -> list[WantedEpisodes]:
        """What to fetch of the episodes that meet the conditions while their keys are asked for, but not of the
        `likely` ones: as much as fits in one answer."""
        gathered, columns = self._gathered, self._gathered.columns
        heard = tuple(filter(self._is_heard, self._conditions))
        read = tuple(one for one in self._conditions if one in self._with_text)
        signed = tuple(one for one in self._conditions if one in self._with_signs and one not in read)
        rest = [one for one in self._conditions if not (self._is_heard(one) or one in read or one in signed)]
        apart = [(one, decks) for one in rest if (decks := self._decks_apart(one)) is not None]
        rest = [one for one in rest if self._decks_apart(one) is None]
        others = tuple(one for one in rest if not is_large(one))
        known = gathered.known()

        def having(names: Collection[str]) -> tuple[str, ...]:
            return tuple(key for key, one in known.items() if not lacking(one.columns, names))

        whole = having(columns.whole)
        mute = tuple(key for key in whole if lacking(known[key].columns, (schema.SOUNDS,)))
        counted = tuple(dict.fromkeys((*having(columns.counted), *likely)))
        more = (*heard, *read, *signed)
        fuller = (*more, *(one for one in others if isinstance(one, Holds)))
        room, left = max(0, gathered.most - len(gathered.bodies)), float(ANSWER_BYTES)
        wanted = []
        for conditions, but, keys, is_known, names in (
            (heard, (), mute, True, (schema.SOUNDS,)),
            (heard, (), whole, False, (*columns.whole, schema.SOUNDS)),
            (read, heard, whole, False, columns.whole),
            (signed, (*heard, *read), having(columns.signed), False, columns.signed),
            (others, more, counted, False, columns.new),
            *(((one,), more, counted, False, columns.new) for one in filter(is_large, rest)),
            *(((one,), fuller, (*having(decks), *likely), False, decks) for one, decks in apart),
        ):
            size = min(len(keys) if is_known else room, int(left / gathered.expected_bytes(names)))
            if conditions and size > 0:
                wanted.append(WantedEpisodes(conditions, but, keys, is_known, names, size))
                left /= 2.0  # how many of them there are is not known yet
        return wanted


def get_all(gathered: Gathered, wanted: Mapping[Condition, Condition]) -> None:
    """Fetches all episodes that meet one of some conditions (`EpisodesMeeting`), with nothing beside."""
    meeting = EpisodesMeeting(gathered, wanted)
    meeting.ask()
    meeting.fetch()
