"""The episodes of a remote index that were fetched to answer one question, and what they are known to cover."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from indexer.core.messages import _
from indexer.store import schema
from search.backends.remote import Bound, Condition, HasSounds, Likeliest, Peak, RemoteIndex, Stored, WantedEpisodes
from search.retrieval.remote.episode_body import COLUMNS, Body
from search.retrieval.remote.kept_episodes import KeptEpisodes, size_of
from search.retrieval.remote.likeliest_episodes import ROUNDED, LikeliestEpisodes
from search.retrieval.remote.listed_bounds import ListedPassages, ListedPeaks

MOST_EPISODES = 2000
"""Episodes that are read for one question; beyond, the answer says that there may be more."""
FIRST_BATCH, BATCH = 100, 400
"""Episodes fetched at once, in the order of their bounds."""
_WINDOWS = 80
"""So many windows are looked for in FIRST_BATCH episodes; for more, in more: in fewer, the worst says little."""
_GROUPS = 4
"""Such batches in one request, if its answer is not too large."""
_ANSWER_BYTES = 32 << 20
"""Bytes of the episodes in one answer, about: a cut connection or a deadline loses no more, and memory holds it."""
_BYTES_PER_ATOM = 3.2
"""Of COLUMNS, in 907 real episodes 3.15; sounds take one more."""
FIRST_PAGE, MOST_PASSAGES = 2500, 10_000
"""Passages asked for at first, and at most; each time four times as many."""
FIRST_PEAKS = 1000
"""Episodes whose peaks are asked for at first, likewise."""
_MOST_NAMED = 2000
"""Episodes in memory that a request names, because it need not fetch them."""


def _text_size(body: Body) -> int:
    """The bytes of its columns without the sounds."""
    return size_of(body.stored) - len(body.column(schema.SOUNDS))


class Gathered:
    """What was fetched for one question. `incomplete` says why that is not all it needs."""

    def __init__(self, remote: RemoteIndex, kept: KeptEpisodes, most: int | None = None) -> None:
        """`most` is the number of episodes that are read (None: MOST_EPISODES)."""
        self._remote = remote
        self._most = MOST_EPISODES if most is None else most
        self._kept = kept
        self.bodies: dict[str, Body] = {}
        self._text_bytes = 0
        """The bytes of all columns of the bodies but the sounds."""
        self.complete: set[Condition] = set()
        self._gone: set[str] = set()
        """Keys of episodes that are no longer there."""
        self.incomplete: str | None = None
        self._passages: dict[object, ListedPassages] = {}
        self._peaks: dict[object, ListedPeaks] = {}
        self.likeliest: LikeliestEpisodes | None = None
        self.wants_likeliest = False
        """Whether they are fetched with others."""

    def get_all(self, wanted: Mapping[Condition, Condition]) -> None:
        """Fetches all episodes that meet one of some conditions, each the narrower one that suffices for the one that
        is wanted; both then count as complete."""
        conditions = list(dict.fromkeys(wanted.values()))
        heard: dict[str, None] = {}  # also with their sounds
        others: dict[str, None] = {}
        of_each, stored = self._remote.keys_of_each(conditions, self._most + 1, self._not_here(conditions))
        for one in stored:
            self._learn_one(one)
        for condition, keys in zip(conditions, of_each, strict=True):
            (heard if isinstance(condition, HasSounds) else others).update(dict.fromkeys(keys))
        new = [key for key in dict.fromkeys(chain(heard, others)) if key not in self.bodies]
        room = max(0, self._most - len(self.bodies))
        if len(new) > room:
            self._too_many()
        left_out = set(new[room:])
        self._fetch_each(
            [
                ([key for key in several if key not in left_out], columns)
                for several, columns in ((heard, (*COLUMNS, schema.SOUNDS)), (others, COLUMNS))
            ]
        )
        self.complete.update(conditions, wanted)

    def _not_here(self, conditions: Sequence[Condition]) -> list[WantedEpisodes]:
        """What to fetch of the episodes that meet one of some conditions while their keys are asked for: as much as
        fits in one answer."""
        heard = tuple(one for one in conditions if isinstance(one, HasSounds))
        others = tuple(one for one in conditions if not isinstance(one, HasSounds))
        known = {**self._kept.newest(_MOST_NAMED), **{key: body.stored for key, body in self.bodies.items()}}
        mute = tuple(key for key, one in known.items() if schema.SOUNDS not in one.columns)
        room, left = max(0, self._most - len(self.bodies)), float(_ANSWER_BYTES)
        wanted = []
        for having, lacking, keys, is_known, columns in (
            (heard, (), mute, True, (schema.SOUNDS,)),
            (heard, (), tuple(known), False, (*COLUMNS, schema.SOUNDS)),
            (others, heard, tuple(known), False, COLUMNS),
        ):
            size = min(len(keys) if is_known else room, int(left / self._expected_bytes(columns)))
            if having and size > 0:
                wanted.append(WantedEpisodes(having, lacking, keys, is_known, columns, size))
                left /= 2.0  # how many of them there are is not known yet
        return wanted

    def _too_many(self) -> None:
        self.incomplete = _("only {most:,} of the episodes with a match were read").format(most=self._most)

    def get_likely(
        self, terms: Sequence[Bound], total: float, condition: Condition, floor: float | None, windows: int
    ) -> bool | None:
        """Fetches the episodes next in the order of the bounds of their passages, which may hold a window that scores
        at least `floor` (None: any), at first as many as are likely to hold so many `windows`. Returns False if there
        were none left, None if too many passages may."""
        least = -1.0 if floor is None else floor * (1 - ROUNDED)
        first = FIRST_BATCH * max(1.0, windows / _WINDOWS)
        known = self._passages.setdefault((tuple(terms), total, condition), ListedPassages())
        while True:
            bounds = dict[str, float]()
            for bound, key in known.found:
                bounds.setdefault(key, bound)
            unread = [key for key, bound in bounds.items() if bound >= least and not self._is_read(key)]
            if unread:
                room = self._most - len(self.bodies)
                if room <= 0:
                    self._too_many()
                    return False
                beside = self.likeliest.known if self.likeliest and self.wants_likeliest else ()
                self.fetch((*unread[: BATCH if known.was_read else int(first)], *beside)[:room], COLUMNS)
                known.was_read = True
                return True
            if known.size and (known.is_all or known.found[-1][0] < least):
                return False
            if known.size >= MOST_PASSAGES:
                return None
            known.size = min(max(FIRST_PAGE, known.size * 4), MOST_PASSAGES)
            ask = self._remote.passages if self.likeliest is None else self.likeliest.ask_beside
            known.found = ask(terms, total, condition, known.size)

    def want_likeliest(self, ranked: Likeliest, most: int) -> None:
        """Has the `most` likeliest episodes asked for with the next passages, and then fetched with other episodes: not
        with the first, which may hold all of a remembered sentence."""
        self.wants_likeliest = bool(self.bodies)
        if self.likeliest is None or self.likeliest.ranked != ranked:
            self.likeliest = LikeliestEpisodes(self._remote, ranked, most)

    def get_likeliest(self) -> bool:
        """Fetches those of the wanted likeliest episodes that are not here; False if all are."""
        unread = [key for key in self.likeliest.ask() if not self._is_read(key)] if self.likeliest else []
        room = max(0, self._most - len(self.bodies))
        if len(unread) > room:
            self._too_many()
        self.fetch(unread[:room], COLUMNS)
        return bool(unread[:room])

    def get_densest(self, run: tuple[str, ...], condition: Condition, floor: Peak | None, first: int) -> bool | None:
        """Fetches the episodes next in the order of the peaks of a run, of those that come before `floor` (None: any).
        The `first` of all come with the list of them. Returns False if there were none left, None if there are too
        many."""
        known = self._peaks.setdefault((run, condition), ListedPeaks())
        while True:
            competing = known.before(floor)
            unread = [peak.key for peak in competing if not self._is_read(peak.key)]
            if unread:
                room = self._most - len(self.bodies)
                if room <= 0:
                    self._too_many()
                    return False
                self.fetch(unread[: min(room, BATCH if known.was_read else first)], COLUMNS)
                known.was_read = True
                return True
            if known.size and (known.is_all or len(competing) < len(known.found)):
                return False
            if known.size >= MOST_PASSAGES:
                return None
            room = min(self._most, int(_ANSWER_BYTES / self._expected_bytes(COLUMNS)))
            at_once = 0 if known.size else min(first, room)
            known.size = min(max(FIRST_PEAKS, known.size * 4), MOST_PASSAGES)
            known.found, stored = self._remote.peaks(run, condition, known.size, at_once, COLUMNS)
            for one in stored:
                self._learn_one(one)

    def _is_read(self, key: str) -> bool:
        return key in self.bodies or key in self._gone

    def fetch(self, keys: Sequence[str], columns: Sequence[str]) -> None:
        """Fetches those of the episodes that are not here yet, or lack a column."""
        self._fetch_each([(keys, columns)])

    def _fetch_each(self, groups: Sequence[tuple[Sequence[str], Sequence[str]]]) -> None:
        """Fetches episodes, each with the columns of the first of its groups, in one request if they are few."""
        asked: set[str] = set()
        wanted: list[tuple[list[str], Sequence[str]]] = []
        for keys, columns in groups:
            lacking: list[str] = []
            new: list[str] = []
            for key in dict.fromkeys(keys):
                body = self.bodies.get(key)
                if body is None and key not in asked:
                    body = self._kept_body(key)
                    if body is None:
                        new.append(key)
                        continue
                    self._add(body)
                if body is not None and schema.SOUNDS in columns and not body.has(schema.SOUNDS):
                    lacking.append(key)
            asked.update(new)
            wanted += [(new, columns), (lacking, (schema.SOUNDS,))]
        self._learn(wanted)

    def _learn(self, wanted: Iterable[tuple[Sequence[str], Sequence[str]]]) -> None:
        """Fetches episodes, each with the columns beside its key."""
        for several in self._in_requests(wanted):
            learned = []
            for stored in self._remote.stored_of_each(several):
                body = self._completed(self.bodies.get(stored.key), stored)
                self._add(body)
                learned.append(body.stored)
            self._gone.update(key for keys, _ in several for key in keys if key not in self.bodies)
            self._kept.keep(learned)

    def _learn_one(self, stored: Stored) -> None:
        """Keeps an episode, or the columns of one that is here without them. Columns of one that is no longer here are
        left out: `_fetch_each` then fetches it whole."""
        here = self.bodies.get(stored.key)
        body = self._completed(here or self._kept_body(stored.key), stored)
        if here is not None:
            self._add(body)
        self._kept.keep([body.stored])

    def _completed(self, known: Body | None, stored: Stored) -> Body:
        """An episode, if it is known with the columns fetched now beside the others."""
        return known.with_columns(stored) if known else Body(stored, self._remote.folder)

    def _kept_body(self, key: str) -> Body | None:
        """An episode that an earlier question fetched; None if it was not, or is no longer kept."""
        stored = self._kept.get(key)
        return None if stored is None else Body(stored, self._remote.folder)

    def _add(self, body: Body) -> None:
        before = self.bodies.get(body.key)
        self.bodies[body.key] = body
        self._text_bytes += _text_size(body) - (_text_size(before) if before else 0)

    def _in_requests(
        self, wanted: Iterable[tuple[Sequence[str], Sequence[str]]]
    ) -> Iterator[list[tuple[Sequence[str], Sequence[str]]]]:
        """Yields what to ask for in each request: as much as is expected to fit in _ANSWER_BYTES, but at least one
        episode. What was fetched before a request counts for the size of the next."""
        several: list[tuple[Sequence[str], Sequence[str]]] = []
        room = float(_ANSWER_BYTES)
        for keys, columns in wanted:
            at = 0
            while at < len(keys):
                one = self._expected_bytes(columns)
                size = min(BATCH, int(room / one), len(keys) - at)
                if several and (size < 1 or len(several) == _GROUPS):
                    yield several
                    several, room = [], float(_ANSWER_BYTES)
                else:
                    size = max(1, size)
                    several.append((keys[at : at + size], columns))
                    room -= size * one
                    at += size
        if several:
            yield several

    def _expected_bytes(self, columns: Sequence[str]) -> float:
        """The bytes of these columns of an episode: of the average one of the index, or of those read for this
        question if they are larger."""
        text = _BYTES_PER_ATOM * max(1.0, self._remote.total_atoms / max(1, self._remote.episode_count))
        if self.bodies:
            text = max(text, self._text_bytes / len(self.bodies))
        sounds = text / _BYTES_PER_ATOM if schema.SOUNDS in columns else 0.0
        return sounds if columns == (schema.SOUNDS,) else text + sounds
