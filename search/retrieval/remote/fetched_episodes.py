"""The episodes of a remote index that were fetched to answer one question, and what they are known to cover."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from indexer.core.messages import _
from indexer.store import schema
from indexer.store.cluster.layout import CLOCK
from search.backends.conditions import EVERY, Condition, HasSounds
from search.backends.remote import Answers, ByBound, Frequency, Questions, RemoteIndex, Stored, WantedEpisodes
from search.retrieval.remote.complete_conditions import CompleteConditions
from search.retrieval.remote.episode_body import COLUMNS, PARTIAL, SIGNED, Body, lacking
from search.retrieval.remote.held_episodes import ANSWER_BYTES, HeldEpisodes, Wanted, wanted_of
from search.retrieval.remote.kept_episodes import KeptEpisodes
from search.retrieval.remote.listed_bounds import EpisodeLists
from search.retrieval.remote.wanted_decks import decks_by_key, grouped, is_large, of_sounds, ways_of

MOST_EPISODES = 2000
"""Episodes that are read for one question; beyond, the answer says that there may be more."""
FEW = 12
"""So many episodes are fetched whole at once, for they may be shown; and twice as many of which only the clock was
lacking, with those that would be shown without them."""
_MOST_GROUPS = 120
"""Groups of episodes with other columns in one request, about: each is a search of its own."""
_MOST_NAMED = 2000
"""Episodes in memory that a request names, because it need not fetch them."""


class Gathered:
    """What was fetched for one question. `incomplete` says why that is not all it needs."""

    def __init__(self, remote: RemoteIndex, kept: KeptEpisodes, most: int | None = None) -> None:
        """`most` is the number of episodes that are read (None: MOST_EPISODES)."""
        self.remote = remote
        self._most = MOST_EPISODES if most is None else most
        self._held = HeldEpisodes(remote, kept)
        self.decks: frozenset[str] | None = None
        """Those that are fetched of episodes which are only ranked; None: all episodes are fetched whole."""
        self.complete = CompleteConditions()
        self.incomplete: str | None = None
        self.lists = EpisodeLists()
        self.inside: Mapping[str, tuple[str, ...]] = {}
        """Words to ask about with the next questions: whether one of the episodes with these keys has them."""
        self.told_inside: Mapping[str, bool] = {}
        """The answer to that, by word."""
        self.runs: Sequence[tuple[str, ...]] = ()
        """Runs to count with the next questions."""
        self.told_runs: Mapping[tuple[str, ...], Frequency] = {}
        """The answer to that."""
        self.are_timed = True
        """Whether the episodes that meet conditions are fetched with their clocks."""
        self.clocks: Sequence[str] = ()
        """Keys of the episodes of which only the clock is wanted by now, to fetch with whatever is fetched next."""
        self.shown: Sequence[str] = ()
        """Keys of those that would be shown by now, to fetch whole likewise."""
        self.is_guess = False
        """Whether what is fetched by conditions is only likely to be needed."""
        self.guessed_too_much = False
        """Whether that were more episodes than may be read."""

    @property
    def bodies(self) -> dict[str, Body]:
        """The episodes by key."""
        return self._held.bodies

    @property
    def _whole(self) -> tuple[str, ...]:
        """The columns of a whole episode; in a library with decks also the wanted ones, which tell what sounds alike
        without the column of sounds."""
        if not self.remote.has_decks:
            return COLUMNS
        columns = (CLOCK if name == schema.TIMES else name for name in COLUMNS)
        return *columns, *sorted(self.decks or ())

    @property
    def _ranked(self) -> tuple[str, ...]:
        """The columns of an episode that is only ranked."""
        return self._whole if self.decks is None else (*PARTIAL, *sorted(self.decks))

    @property
    def _signed(self) -> tuple[str, ...]:
        """The columns of an episode of which the signs are read, too."""
        return self._whole if self.decks is None else (*SIGNED, *sorted(self.decks))

    @property
    def _counted(self) -> tuple[str, ...]:
        """The columns of an episode that meets a condition, of which it is not known yet whether it competes."""
        return self._ranked if self.decks is None else tuple(name for name in self._ranked if name != CLOCK)

    @property
    def _new(self) -> tuple[str, ...]:
        """The columns of such an episode that is not in memory."""
        return self._ranked if self.are_timed else self._counted

    def is_complete(self, condition: Condition) -> bool:
        """Whether all episodes that meet a condition are here, with what it is about."""
        return self.complete.has(condition, self.decks)

    def want_decks(self, decks: Iterable[str]) -> None:
        """Has more decks fetched of the episodes that are asked for next, and of those that are here."""
        if self.decks is not None:
            self.decks = self.decks.union(decks)

    def lacks_decks(self) -> bool:
        """Whether episodes that are here lack decks that are wanted."""
        return any(body.lacks(self.decks or ()) for body in self.bodies.values())

    def read_decks(self, likely: Sequence[str]) -> None:
        """Fetches the wanted decks of the episodes that are here without them, and others that are `likely` to compete,
        to be ranked."""
        decks = self.decks or frozenset()
        without = [key for key, body in self.bodies.items() if body.lacks(decks)]
        self._fetch([(likely, self._ranked), (without, tuple(sorted(decks)))])

    def read_clocks(self, keys: Collection[str]) -> bool:
        """Fetches the clocks of episodes that are here; False if there are none."""
        self.clocks = sorted(keys)
        if keys:
            self._fetch([])
        return bool(keys)

    def get_all(
        self,
        wanted: Mapping[Condition, Condition],
        listed: ByBound | None = None,
        likely: Sequence[str] = (),
        with_text: Collection[Condition] = (),
        with_signs: Collection[Condition] = (),
        then_likely: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        """Fetches all episodes that meet one of some conditions, each the narrower one that suffices for the one that
        is wanted, whole those `with_text`, with their signs those `with_signs`; both then count as complete. In the
        same request passages are `listed`, and episodes that are `likely` to compete are fetched; if it takes a second
        one, these are those that are likely by then."""
        every = list(dict.fromkeys(wanted.values()))
        several = [ways for one in every if not self._is_heard(one) and (ways := ways_of(one))]
        conditions = [one for one in every if self._is_heard(one) or not ways_of(one)]
        also = (
            *self._by_key(likely, self._ranked),
            *self._not_here(conditions, likely, with_text, with_signs),
            *self._also_lacked(self.bodies, self.decks or frozenset()),
        )
        answers = self.ask(Questions(tuple(conditions), self._most + 1, also, listed, sounding=tuple(several)))
        likely = likely or (then_likely() if several else ())
        told = list(zip(conditions, answers.keys, strict=True))
        heard = [key for condition, keys in told if self._is_heard(condition) for key in keys]
        whole = [key for condition, keys in told if condition in with_text for key in keys]
        signed = [key for condition, keys in told if condition in with_signs for key in keys]
        others = [key for _, keys in told for key in keys]
        columns = {key: self._first_of(key) for key in (*likely, *heard, *whole, *others)}
        columns |= {**dict.fromkeys(likely, self._ranked), **dict.fromkeys(signed, self._signed)}
        columns |= {**dict.fromkeys(whole, self._whole), **dict.fromkeys(heard, (*self._whole, schema.SOUNDS))}
        for key, decks in decks_by_key(answers.sounding).items():
            columns[key] = (*columns.get(key, self._first_of(key)), *sorted(decks))
        kept = self.with_room(list(columns))
        self._held.fetch(grouped({key: columns[key] for key in kept}, _MOST_GROUPS))
        if len(kept) == len(columns) or not self.is_guess:
            self.complete.note(every, wanted)
        if len(kept) < len(columns):
            self.guessed_too_much = self.is_guess
            if not self.is_guess:
                self.too_many()

    def _first_of(self, key: str) -> tuple[str, ...]:
        """The columns that are fetched of an episode that meets a condition, if it is not here, or lacks some."""
        return self._counted if self._held.is_known(key) else self._new

    def _is_heard(self, condition: Condition) -> bool:
        """Whether the column of sounds is needed to tell where a condition is met."""
        return isinstance(condition, HasSounds) and (self.decks is None or of_sounds(condition) is None)

    def _not_here(
        self,
        conditions: Sequence[Condition],
        likely: Sequence[str],
        with_text: Collection[Condition],
        with_signs: Collection[Condition],
    ) -> list[WantedEpisodes]:
        """What to fetch of the episodes that meet one of some conditions while their keys are asked for, but not of the
        `likely` ones: as much as fits in one answer."""
        heard = tuple(filter(self._is_heard, conditions))
        read = tuple(one for one in conditions if one in with_text)
        signed = tuple(one for one in conditions if one in with_signs and one not in with_text)
        rest = [one for one in conditions if not (self._is_heard(one) or one in with_text or one in signed)]
        others = tuple(one for one in rest if not is_large(one))
        known = self._held.known(_MOST_NAMED)
        whole = tuple(key for key, one in known.items() if not lacking(one.columns, self._whole))
        told = tuple(key for key, one in known.items() if not lacking(one.columns, self._signed))
        mute = tuple(key for key in whole if lacking(known[key].columns, (schema.SOUNDS,)))
        counted = tuple(
            {key: None for key, one in known.items() if not lacking(one.columns, self._counted)} | dict.fromkeys(likely)
        )
        room, left = max(0, self._most - len(self.bodies)), float(ANSWER_BYTES)
        wanted = []
        for having, but, keys, is_known, columns in (
            (heard, (), mute, True, (schema.SOUNDS,)),
            (heard, (), whole, False, (*self._whole, schema.SOUNDS)),
            (read, heard, whole, False, self._whole),
            (signed, (*heard, *read), told, False, self._signed),
            (others, (*heard, *read, *signed), counted, False, self._new),
            *(((one,), (*heard, *read, *signed), counted, False, self._new) for one in filter(is_large, rest)),
        ):
            size = min(len(keys) if is_known else room, int(left / self._held.expected_bytes(columns)))
            if having and size > 0:
                wanted.append(WantedEpisodes(having, but, keys, is_known, columns, size))
                left /= 2.0  # how many of them there are is not known yet
        return wanted

    def _by_key(self, keys: Sequence[str], columns: Sequence[str]) -> Iterator[WantedEpisodes]:
        """What is to be fetched of some episodes to have these columns of each."""
        known = self._held.known(_MOST_NAMED)
        here = [key for key in keys if key in known]
        if new := tuple(key for key in keys if key not in known):
            yield WantedEpisodes((EVERY,), (), new, True, tuple(columns), len(new))
        yield from wanted_of({key: known[key].columns for key in here}, columns)

    def too_many(self) -> None:
        """Notes that more episodes would be needed than may be read."""
        self.incomplete = _("only {most:,} of the episodes with a match were read").format(most=self._most)

    def ask(self, questions: Questions) -> Answers:
        """Asks what is to be asked, and beside it what else is wanted."""
        likeliest = self.lists.likeliest.question if self.lists.likeliest else None
        beside = chain.from_iterable(self._also_lacked(*one) for one in self._beside())
        also = (*questions.also, *beside)
        answers = self.remote.answers(
            questions._replace(also=also, ranked=likeliest, words=tuple(self.inside.items()), runs=tuple(self.runs))
        )
        if self.lists.likeliest and likeliest:
            self.lists.likeliest.learn(answers.likeliest)
        self.told_inside = {word: bool(keys) for word, keys in zip(self.inside, answers.having, strict=True)}
        self.told_runs = dict(zip(self.runs, answers.frequencies, strict=True))
        self.inside, self.runs, self.clocks, self.shown = {}, (), (), ()
        if questions.listed is not None:
            known = self.lists.of_passages(questions.listed)
            known.found, known.size = answers.passages, questions.listed.size
        self.learn(answers.stored)
        return answers

    def learn(self, stored: Iterable[Stored]) -> None:
        """Keeps episodes that came with an answer to something else."""
        for one in stored:
            self._held.learn_one(one)
        self._held.mend()

    def _also_lacked(self, keys: Iterable[str], columns: Collection[str]) -> Iterator[WantedEpisodes]:
        """What episodes lack of some columns that are here, and were not deleted meanwhile."""
        return wanted_of({key: self.bodies[key].stored.columns for key in keys if key in self.bodies}, columns)

    def is_read(self, key: str) -> bool:
        """Whether an episode needs not be fetched to be ranked."""
        return self._held.is_read(key)

    def first_whole(self, most: int) -> tuple[int, tuple[str, ...]]:
        """How many whole episodes may come with a list of them, at most so many, and their columns."""
        return min(most, self._most, int(ANSWER_BYTES / self._held.expected_bytes(self._whole))), self._whole

    def fetch(self, keys: Sequence[str], columns: Sequence[str]) -> None:
        """Fetches those of the episodes that are not here yet, or lack a column."""
        self._held.fetch([(keys, columns)])

    def fetch_whole(self, keys: Sequence[str]) -> None:
        """Fetches what partial episodes do not have, or episodes that are not here, and the wanted clocks."""
        self.shown = keys
        self._fetch([])

    def _fetch(self, groups: Sequence[Wanted]) -> None:
        """Fetches what is lacking of some episodes, with what else is wanted; what is to be asked is, beside that."""
        if self.inside or self.runs:
            self.ask(Questions(also=tuple(chain.from_iterable(self._by_key(*one) for one in groups))))
        self._held.fetch([*groups, *self._beside()])

    def fetch_heard(self, keys: Sequence[str]) -> None:
        """Fetches whole episodes with their sounds."""
        self.fetch(keys, (*self._whole, schema.SOUNDS))

    def with_room(self, keys: Sequence[str]) -> list[str]:
        """Those of some episodes that are here, and as many others as may be read."""
        room = max(0, self._most - len(self.bodies))
        left_out = set([key for key in keys if key not in self.bodies][room:])
        return [key for key in keys if key not in left_out]

    def fetch_ranked(self, keys: Sequence[str]) -> None:
        """Fetches what is ranked of episodes; of few, what is shown, too."""
        columns = self._whole if len(keys) <= FEW else self._ranked
        if keys:
            self._fetch([(keys, columns)])

    def _beside(self) -> Iterator[Wanted]:
        """What is fetched beside what is asked for."""
        yield self.shown, self._whole
        others = [key for key in self.clocks if key not in self.shown]
        yield others, self._whole if self.shown and len(others) <= 2 * FEW else (CLOCK,)
