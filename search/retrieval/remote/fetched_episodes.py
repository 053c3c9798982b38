"""The episodes of a remote index that were fetched to answer one question, and what they are known to cover."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from indexer.core.messages import _
from indexer.store import schema
from indexer.store.cluster.layout import CLOCK
from search.backends.conditions import EVERY, Condition, HasSounds
from search.backends.remote import ByBound, Likeliest, Peak, Questions, RemoteIndex, WantedEpisodes
from search.retrieval.remote.complete_conditions import CompleteConditions
from search.retrieval.remote.episode_body import COLUMNS, PARTIAL, Body
from search.retrieval.remote.held_episodes import ANSWER_BYTES, HeldEpisodes
from search.retrieval.remote.kept_episodes import KeptEpisodes
from search.retrieval.remote.likeliest_episodes import ROUNDED, LikeliestEpisodes
from search.retrieval.remote.listed_bounds import ListedPassages, ListedPeaks
from search.retrieval.remote.wanted_decks import decks_by_key, is_large, of_sounds, ways_of

MOST_EPISODES = 2000
"""Episodes that are read for one question; beyond, the answer says that there may be more."""
FIRST_BATCH, BATCH = 100, 400
"""Episodes fetched at once, in the order of their bounds."""
_PARTIAL = 2
"""So many partial episodes are fetched in place of a whole one: they are smaller."""
FEW = 12
"""So many episodes are fetched whole at once, for they may be shown."""
ALL_AT_ONCE = 300
"""An index of so many episodes is fetched at once, as far as a query reads them."""
_WINDOWS = 80
"""So many windows are looked for in FIRST_BATCH episodes; for more, in more: in fewer, the worst says little."""
FIRST_PAGE, MOST_PASSAGES = 2500, 10_000
"""Passages asked for at first, and at most; each time four times as many."""
FIRST_PEAKS = 1000
"""Episodes whose peaks are asked for at first, likewise."""
_MOST_NAMED = 2000
"""Episodes in memory that a request names, because it need not fetch them."""


class Gathered:
    """What was fetched for one question. `incomplete` says why that is not all it needs."""

    def __init__(self, remote: RemoteIndex, kept: KeptEpisodes, most: int | None = None) -> None:
        """`most` is the number of episodes that are read (None: MOST_EPISODES)."""
        self._remote = remote
        self._most = MOST_EPISODES if most is None else most
        self._held = HeldEpisodes(remote, kept)
        self.decks: frozenset[str] | None = None
        """Those that are fetched of episodes which are only ranked; None: all episodes are fetched whole."""
        self.complete = CompleteConditions()
        self.incomplete: str | None = None
        self._passages: dict[ByBound, ListedPassages] = {}
        self._peaks: dict[object, ListedPeaks] = {}
        self.likeliest: LikeliestEpisodes | None = None
        self.wants_likeliest = False
        """Whether they are fetched with others."""
        self.inside: Mapping[str, tuple[str, ...]] = {}
        """Words to ask about with the next questions: whether one of the episodes with these keys has them."""
        self.told_inside: Mapping[str, bool] = {}
        """The answer to that, by word."""
        self.shown: Sequence[str] = ()
        """Keys of the episodes that would be shown by now, to fetch whole with whatever is fetched next."""

    @property
    def bodies(self) -> dict[str, Body]:
        """The episodes by key."""
        return self._held.bodies

    @property
    def _whole(self) -> tuple[str, ...]:
        """The columns of a whole episode; in a library with decks also the wanted ones, which tell what sounds alike
        without the column of sounds."""
        if not self._remote.has_decks:
            return COLUMNS
        columns = (CLOCK if name == schema.TIMES else name for name in COLUMNS)
        return *columns, *sorted(self.decks or ())

    @property
    def _ranked(self) -> tuple[str, ...]:
        """The columns of an episode that is only ranked."""
        return self._whole if self.decks is None else (*PARTIAL, *sorted(self.decks))

    def is_complete(self, condition: Condition) -> bool:
        """Whether all episodes that meet a condition are here, with what it is about."""
        return self.complete.has(condition, self.decks)

    def want_decks(self, decks: Iterable[str]) -> None:
        """Has more decks fetched of the episodes that are asked for next, and of those that are here."""
        if self.decks is not None:
            self.decks = self.decks.union(decks)

    def read_decks(self) -> bool:
        """Fetches the wanted decks of the episodes that are here without them; False if there are none."""
        decks = self.decks or frozenset()
        lacking = [key for key, body in self.bodies.items() if body.lacks(decks)]
        self.fetch(lacking, sorted(decks))
        return bool(lacking)

    def get_all(
        self,
        wanted: Mapping[Condition, Condition],
        listed: ByBound | None = None,
        with_text: Collection[Condition] = (),
    ) -> None:
        """Fetches all episodes that meet one of some conditions, each the narrower one that suffices for the one that
        is wanted, whole those of some; both then count as complete. Passages are `listed` in the same request."""
        every = list(dict.fromkeys(wanted.values()))
        several = [ways for one in every if not self._is_heard(one) and (ways := ways_of(one))]
        conditions = [one for one in every if self._is_heard(one) or not ways_of(one)]
        heard: dict[str, None] = {}  # also with their sounds
        whole: dict[str, None] = {}
        others: dict[str, None] = {}
        also = (*self._not_here(conditions, with_text), *self._also_lacked(self.bodies, self.decks or frozenset()))
        asked = Questions(tuple(conditions), self._most + 1, also, listed, sounding=tuple(several))
        of_each, sounding = self._ask(asked)
        for condition, keys in zip(conditions, of_each, strict=True):
            kind = heard if self._is_heard(condition) else whole if condition in with_text else others
            kind.update(dict.fromkeys(keys))
        columns = {**dict.fromkeys(others, self._ranked), **dict.fromkeys(whole, self._whole)}
        columns |= dict.fromkeys(heard, (*self._whole, schema.SOUNDS))
        for key, decks in decks_by_key(sounding).items():
            columns[key] = (*columns.get(key, self._ranked), *sorted(decks))
        new = [key for key in columns if key not in self.bodies]
        room = max(0, self._most - len(self.bodies))
        if len(new) > room:
            self._too_many()
        left_out = set(new[room:])
        groups: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        for key, names in columns.items():
            if key not in left_out:
                groups[names].append(key)
        self._held.fetch([(keys, names) for names, keys in groups.items()])
        self.complete.note(every, wanted)

    def _is_heard(self, condition: Condition) -> bool:
        """Whether the column of sounds is needed to tell where a condition is met."""
        return isinstance(condition, HasSounds) and (self.decks is None or of_sounds(condition) is None)

    def _not_here(self, conditions: Sequence[Condition], with_text: Collection[Condition]) -> list[WantedEpisodes]:
        """What to fetch of the episodes that meet one of some conditions while their keys are asked for: as much as
        fits in one answer."""
        heard = tuple(filter(self._is_heard, conditions))
        read = tuple(one for one in conditions if one in with_text)
        others = tuple(one for one in conditions if not (self._is_heard(one) or one in with_text))
        sounds = list(filter(is_large, others))
        others = tuple(one for one in others if not is_large(one))
        known = {key: Body(one, "") for key, one in self._held.known(_MOST_NAMED).items()}
        whole = tuple(key for key, body in known.items() if not body.lacks(self._whole))
        mute = tuple(key for key in whole if known[key].lacks((schema.SOUNDS,)))
        ranked = tuple(key for key, body in known.items() if not body.lacks(self._ranked))
        room, left = max(0, self._most - len(self.bodies)), float(ANSWER_BYTES)
        wanted = []
        for having, lacking, keys, is_known, columns in (
            (heard, (), mute, True, (schema.SOUNDS,)),
            (heard, (), whole, False, (*self._whole, schema.SOUNDS)),
            (read, heard, whole, False, self._whole),
            (others, (*heard, *read), ranked, False, self._ranked),
            *(((one,), (*heard, *read), ranked, False, self._ranked) for one in sounds),
        ):
            size = min(len(keys) if is_known else room, int(left / self._held.expected_bytes(columns)))
            if having and size > 0:
                wanted.append(WantedEpisodes(having, lacking, keys, is_known, columns, size))
                left /= 2.0  # how many of them there are is not known yet
        return wanted

    def _too_many(self) -> None:
        self.incomplete = _("only {most:,} of the episodes with a match were read").format(most=self._most)

    def _ask(self, questions: Questions) -> tuple[Sequence[list[str]], Sequence[Mapping[str, Sequence[HasSounds]]]]:
        """Asks what is to be asked, and beside it what else is wanted; returns the keys of its conditions, and which
        sounds each episode has."""
        likeliest = self.likeliest.question if self.likeliest else None
        also = (*questions.also, *self._also_lacked(self.shown, self._whole))
        answers = self._remote.answers(
            questions._replace(also=also, ranked=likeliest, words=tuple(self.inside.items()))
        )
        if self.likeliest and likeliest:
            self.likeliest.learn(answers.likeliest)
        self.told_inside = {word: bool(keys) for word, keys in zip(self.inside, answers.having, strict=True)}
        self.inside, self.shown = {}, ()
        if questions.listed is not None:
            known = self._listed(questions.listed)
            known.found, known.size = answers.passages, questions.listed.size
        for one in answers.stored:
            self._held.learn_one(one)
        self._held.mend()
        return answers.keys, answers.sounding

    def _also_lacked(self, keys: Iterable[str], columns: Collection[str]) -> Iterator[WantedEpisodes]:
        """What episodes that are here lack of some columns."""
        lacked = {key: self.bodies[key].lacks(columns) for key in keys}
        if missing := tuple(dict.fromkeys(chain(*lacked.values()))):
            known = tuple(key for key, lacking in lacked.items() if lacking)
            yield WantedEpisodes((EVERY,), (), known, True, missing, len(known))

    def ask_inside(self) -> None:
        """Asks for nothing but which words count inside longer ones."""
        self._ask(Questions())

    def _listed(self, listed: ByBound) -> ListedPassages:
        """What is known of these passages."""
        return self._passages.setdefault(listed._replace(size=0), ListedPassages())

    def was_read(self, listed: ByBound) -> bool:
        """Whether episodes with the first of these passages were fetched, or there are none."""
        known = self._listed(listed)
        return known.was_read or (known.size > 0 and not known.found)

    def get_likely(self, listed: ByBound, floor: float | None, windows: int) -> bool | None:
        """Fetches the episodes next in the order of the bounds of their passages, which may hold a window that scores
        at least `floor` (None: any), at first as many as are likely to hold so many `windows`. Returns False if there
        were none left, None if too many passages may."""
        least = -1.0 if floor is None else floor * (1 - ROUNDED)
        times = 1 if self.decks is None else _PARTIAL
        first, batch = int(times * FIRST_BATCH * max(1.0, windows / _WINDOWS)), times * BATCH
        known = self._listed(listed)
        while True:
            bounds = dict[str, float]()
            for bound, key in known.found:
                bounds.setdefault(key, bound)
            unread = [key for key, bound in bounds.items() if bound >= least and not self._held.is_read(key)]
            if unread:
                room = self._most - len(self.bodies)
                if room <= 0:
                    self._too_many()
                    return False
                beside = self.likeliest.keys if self.likeliest and self.wants_likeliest else ()
                self._fetch_ranked((*unread[: batch if known.was_read else first], *beside)[:room])
                known.was_read = True
                return True
            if known.size and (known.is_all or known.found[-1][0] < least):
                return False
            if known.size >= MOST_PASSAGES:
                return None
            size = min(max(FIRST_PAGE, known.size * 4), MOST_PASSAGES)
            self._ask(Questions(listed=listed._replace(size=size)))

    def want_likeliest(self, ranked: Likeliest) -> None:
        """Has the likeliest episodes asked for with the next questions, and then fetched with other episodes: not with
        the first, which may hold all of a remembered sentence."""
        self.wants_likeliest = bool(self.bodies)
        if self.likeliest is None or self.likeliest.ranked != ranked:
            self.likeliest = LikeliestEpisodes(ranked)

    def get_likeliest(self) -> bool:
        """Fetches those of the wanted likeliest episodes that are not here; False if all are."""
        if self.likeliest is None:
            return False
        if self.likeliest.question is not None:
            self._ask(Questions())
        unread = [key for key in self.likeliest.keys if not self._held.is_read(key)]
        room = max(0, self._most - len(self.bodies))
        if len(unread) > room:
            self._too_many()
        self._fetch_ranked(unread[:room])
        return bool(unread[:room])

    def get_densest(self, run: tuple[str, ...], condition: Condition, floor: Peak | None, first: int) -> bool | None:
        """Fetches the episodes next in the order of the peaks of a run, of those that come before `floor` (None: any).
        The `first` of all come with the list of them. Returns False if there were none left, None if there are too
        many."""
        known = self._peaks.setdefault((run, condition), ListedPeaks())
        while True:
            competing = known.before(floor)
            unread = [peak.key for peak in competing if not self._held.is_read(peak.key)]
            if unread:
                room = self._most - len(self.bodies)
                if room <= 0:
                    self._too_many()
                    return False
                self._fetch_ranked(unread[: min(room, BATCH if known.was_read else first)])
                known.was_read = True
                return True
            if known.size and (known.is_all or len(competing) < len(known.found)):
                return False
            if known.size >= MOST_PASSAGES:
                return None
            room = min(self._most, int(ANSWER_BYTES / self._held.expected_bytes(self._whole)))
            at_once = 0 if known.size else min(first, room)
            known.size = min(max(FIRST_PEAKS, known.size * 4), MOST_PASSAGES)
            known.found, stored = self._remote.peaks(run, condition, known.size, at_once, self._whole)
            for one in stored:
                self._held.learn_one(one)
            self._held.mend()

    def fetch(self, keys: Sequence[str], columns: Sequence[str]) -> None:
        """Fetches those of the episodes that are not here yet, or lack a column."""
        self._held.fetch([(keys, columns)])

    def fetch_whole(self, keys: Sequence[str]) -> None:
        """Fetches what partial episodes do not have, or episodes that are not here."""
        self.fetch(keys, self._whole)

    def fetch_heard(self, keys: Sequence[str]) -> None:
        """Fetches whole episodes with their sounds."""
        self.fetch(keys, (*self._whole, schema.SOUNDS))

    def _fetch_ranked(self, keys: Sequence[str]) -> None:
        """Fetches what is ranked of episodes; of few, what is shown, too."""
        columns = self._whole if len(keys) <= FEW else self._ranked
        self._held.fetch([(keys, columns), (self.shown if keys else (), self._whole)])
