"""The episodes of a remote index that were fetched to answer one question, and what they are known to cover."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain, islice
from types import MappingProxyType

from indexer.core.messages import _
from indexer.store import schema
from indexer.store.cluster.documents.layout import CLOCK
from search.backends.conditions import EVERY, Condition
from search.backends.remote import Answers, Frequency, Questions, RemoteIndex, Stored, WantedEpisodes
from search.retrieval.remote.fetching.allowance import Allowance
from search.retrieval.remote.fetching.complete_conditions import CompleteConditions
from search.retrieval.remote.fetching.listed_bounds import EpisodeLists
from search.retrieval.remote.held.columns import TEXT_PARTS
from search.retrieval.remote.held.episode_body import Body
from search.retrieval.remote.held.held_episodes import ANSWER_BYTES, HeldEpisodes, Wanted, wanted_of
from search.retrieval.remote.held.kept_episodes import KeptEpisodes
from search.retrieval.remote.projection.wanted_columns import WantedColumns, wanted_columns

MOST_EPISODES = 2000
"""Episodes that are read for one question; beyond, the answer says that there may be more."""
FEW = 12
"""So many episodes are fetched whole at once, for they may be shown; and twice as many of which only the clock was
lacking, with those that would be shown without them."""
_MOST_SHOWN = 24
"""So many that would be shown by now are fetched with others; more, of a long list, change with most requests."""
_MOST_LISTED_WHOLE = 24
"""So many that come with a list of them are whole: a first page takes one request less."""
_MOST_CLOSE = 24
"""So many that may be shown in the end are fetched with the last request."""
_MOST_LINES = 150
"""So many of which a few lines may be shown, each of which is a search of its own."""
_SHOWN = frozenset({schema.STREAM}) | TEXT_PARTS
"""The columns with what is shown."""
_MOST_NAMED = 2000
"""Episodes in memory that a request names, because it need not fetch them."""


class Gathered:
    """What was fetched for one question. `incomplete` says why that is not all it needs."""

    def __init__(self, remote: RemoteIndex, kept: KeptEpisodes, most: int | None = None) -> None:
        """`most` is the number of episodes that are read (None: MOST_EPISODES)."""
        self.remote = remote
        self.most = MOST_EPISODES if most is None else most
        self._held = HeldEpisodes(remote, kept)
        self._allowance = Allowance(remote)
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
        self.hears_apart = False
        """Whether of episodes that only sound like the query somewhere no more is fetched than that tells."""
        self.with_signs = False
        """Whether what is only in the column of text decides what of an episode is ranked: who speaks, or what a
        regular expression matches."""
        self.are_timed = True
        """Whether the episodes that meet conditions are fetched with their clocks."""
        self.clocks: Sequence[str] = ()
        """Keys of the episodes of which only the clock is wanted by now, to fetch with whatever is fetched next."""
        self.shown: Sequence[str] = ()
        """Keys of those that would be shown by now, to fetch whole likewise, unless they are many: then they come once
        nothing else is lacking, or with the last request."""
        self.lines: Mapping[str, Collection[str]] = {}
        """Keys of those of which a few lines would be shown by now, with the text parts that have these; fetched when
        `shown` are."""
        self.close: dict[str, Set[str]] = {}
        """Keys of those that follow these, best first, to fetch likewise with the last request, with the text parts
        that they would show; none where whole episodes are shown."""
        self.is_guess = False
        """Whether what is fetched by conditions is only likely to be needed."""
        self.guessed_too_much = False
        """Whether that were more episodes than may be read."""

    @property
    def is_last(self) -> bool:
        """Whether the next request should be the last one."""
        return self._allowance.is_last

    @property
    def bodies(self) -> dict[str, Body]:
        """The episodes by key."""
        return self._held.bodies

    @property
    def columns(self) -> WantedColumns:
        """What is fetched of an episode, by what is read of it."""
        return wanted_columns(self.remote.has_decks, self.decks, self.are_timed, self.with_signs)

    def is_complete(self, condition: Condition) -> bool:
        """Whether all episodes that meet a condition are here, with what it is about."""
        return self.complete.has(condition, self.decks)

    def want_decks(self, decks: Iterable[str]) -> None:
        """Has more decks fetched of the episodes that are asked for next, and of those that are here."""
        if self.decks is not None:
            self.decks = self.decks.union(decks)

    def lacks_decks(self) -> bool:
        """Whether episodes that are here lack decks that are wanted."""
        columns = self.columns.counted
        return self.decks is not None and any(self.bodies[key].lacks(columns) for key in self._ranked_here())

    def read_decks(self, likely: Sequence[str]) -> None:
        """Fetches the wanted decks of the episodes that are here without them, and others that are `likely` to compete,
        to be ranked."""
        self._fetch([(likely, self.columns.ranked), (self._ranked_here(), self.columns.counted)])

    def read_clocks(self, keys: Collection[str]) -> bool:
        """Fetches the clocks of episodes that are here, and the likeliest episodes; False if no clocks are lacking."""
        self.clocks = sorted(keys)
        if keys:
            self._fetch([(self.with_room(self.lists.likely), self.columns.ranked)])
        return bool(keys)

    def is_counted(self, key: str) -> bool:
        """Whether an episode is in memory as one that meets a condition."""
        return self._held.is_counted(key)

    def known(self) -> Mapping[str, Stored]:
        """The episodes in memory that a request names, by key: all that are here, and of other questions not too
        many."""
        return self._held.known(_MOST_NAMED)

    def expected_bytes(self, columns: Sequence[str]) -> float:
        """The bytes of these columns of an episode, about."""
        return self._held.expected_bytes(columns)

    def fetch_each(self, groups: Sequence[Wanted]) -> None:
        """Fetches what is lacking of episodes, of each group with its columns."""
        self._held.fetch(groups)

    def by_key(self, keys: Sequence[str], columns: Sequence[str]) -> Iterator[WantedEpisodes]:
        """What is to be fetched of some episodes to have these columns of each."""
        known = self.known()
        here = [key for key in keys if key in known]
        if new := tuple(key for key in keys if key not in known):
            yield WantedEpisodes((EVERY,), (), new, True, tuple(columns), len(new))
        yield from wanted_of({key: known[key].columns for key in here}, columns)

    def also_lacked(self) -> Iterator[WantedEpisodes]:
        """What episodes that are here lack of the wanted decks."""
        return self._lacked_of(self._ranked_here(), self.decks or frozenset())

    def _ranked_here(self) -> list[str]:
        """The keys of the episodes that are here with all wanted decks, but for those that were not wanted before."""
        return [key for key, body in self.bodies.items() if not (self.hears_apart and body.is_only_heard)]

    def too_many(self) -> None:
        """Notes that more episodes would be needed than may be read."""
        self.incomplete = _("only {most:,} of the episodes with a match were read").format(most=self.most)

    def ask(self, questions: Questions) -> Answers:
        """Asks what is to be asked, and beside it what else is wanted."""
        likeliest = self.lists.likeliest.question if self.lists.likeliest else None
        beside = chain.from_iterable(self._lacked_of(*one) for one in self._beside())
        also = (*questions.also, *beside)
        listed = self.lists.pending if questions.listed is None else questions.listed
        words, runs = tuple(self.inside.items()), tuple(self.runs)
        answers = self.remote.answers(
            questions._replace(also=also, listed=listed, ranked=likeliest, words=words, runs=runs)
        )
        if self.lists.likeliest and likeliest:
            self.lists.likeliest.learn(answers.likeliest)
        self.told_inside = {word: bool(keys) for word, keys in zip(self.inside, answers.having, strict=True)}
        self.told_runs = dict(zip(self.runs, answers.frequencies, strict=True))
        self.inside, self.runs, self.clocks, self.shown, self.lines = {}, (), (), (), {}
        if listed is not None:
            self.lists.learn(listed, answers.passages)
        self.learn(answers.stored)
        return answers

    def learn(self, stored: Iterable[Stored]) -> None:
        """Keeps episodes that came with an answer to something else."""
        for one in stored:
            self._held.learn_one(one)
        self._held.mend()

    def _lacked_of(self, keys: Iterable[str], columns: Collection[str]) -> Iterator[WantedEpisodes]:
        """What episodes lack of some columns that are here, and were not deleted meanwhile."""
        return wanted_of({key: self.bodies[key].stored.columns for key in keys if key in self.bodies}, columns)

    def is_read(self, key: str) -> bool:
        """Whether an episode needs not be fetched to be ranked."""
        return self._held.is_read(key)

    def first_listed(self, most: int) -> tuple[int, tuple[str, ...]]:
        """How many episodes may come with a list of them, at most so many, and their columns: whole if they are few, or
        could not show a few lines."""
        is_whole = most <= _MOST_LISTED_WHOLE or not self.remote.has_text_parts
        columns = self.columns.whole if is_whole else self.columns.ranked
        return min(most, self.most, int(ANSWER_BYTES / self._held.expected_bytes(columns))), columns

    def fetch(self, keys: Sequence[str], columns: Sequence[str]) -> None:
        """Fetches those of the episodes that are not here yet, or lack a column."""
        self._held.fetch([(keys, columns)])

    def fetch_whole(self, keys: Sequence[str], lines: Mapping[str, Collection[str]] = MappingProxyType({})) -> None:
        """Fetches what partial episodes do not have, or episodes that are not here, and the wanted clocks; of those
        with `lines` only these text parts."""
        self.shown, self.lines = (), {}
        self._fetch([(keys, self.columns.whole), *_of_lines(lines)])

    def _fetch(self, groups: Sequence[Wanted]) -> None:
        """Fetches what is lacking of some episodes, with what else is wanted; what is to be asked is, beside that."""
        beside = list(self._beside())
        more = list(self._in_advance([*groups, *beside]))
        if self.inside or self.runs or self.lists.pending is not None:
            named = set(chain(*(keys for keys, _ in (*groups, *beside))))  # each column is asked for once
            groups = [*groups, *(([key for key in keys if key not in named], columns) for keys, columns in more)]
            self.ask(Questions(also=tuple(chain.from_iterable(self.by_key(*one) for one in groups))))
            more = []
        self._held.fetch([*more, *groups, *beside])

    def _in_advance(self, wanted: Sequence[Wanted]) -> Iterator[Wanted]:
        """With the last request, as far as there is room: what may be shown comes whole, be it wanted or close behind
        what would be shown by now, and so do the clocks of all others that are here, for these may compete."""
        keys, whole = list(dict.fromkeys(chain(*(keys for keys, _ in wanted)))), self.columns.whole
        if self.decks is None or not (keys and self.is_last):
            return
        others = [key for key in self._ranked_here() if not self.bodies[key].has_times]
        size = sum(self._held.transferred(*one) for one in wanted)
        shown = set(chain(*(keys for keys, columns in wanted if not _SHOWN.isdisjoint(columns))))

        def fitting(several: Iterable[str], columns: Sequence[str]) -> Iterator[str]:
            nonlocal size
            for key in several:
                more = self._held.transferred((key,), columns)
                if self._allowance.has_room(size + more):
                    size += more
                    yield key

        lines = {key: parts for key, parts in self.close.items() if parts}
        yield from _of_lines(dict(islice(lines.items(), _MOST_LINES)))
        shown.update(lines)
        shown.update(close := list(fitting([key for key in self.close if key not in shown][:_MOST_CLOSE], whole)))
        yield close, whole
        likely = list(fitting((key for key in keys[:_MOST_CLOSE] if key not in shown), whole))
        shown.update(likely)
        yield likely, whole
        yield list(fitting(others, (CLOCK,))), (CLOCK,)
        yield list(fitting((key for key in keys if key not in shown), whole)), whole

    def fetch_heard(self, keys: Sequence[str]) -> None:
        """Fetches whole episodes with their sounds."""
        self.fetch(keys, (*self.columns.whole, schema.SOUNDS))

    def with_room(self, keys: Sequence[str]) -> list[str]:
        """Those of some episodes that are here, and as many others as may be read."""
        room = max(0, self.most - len(self.bodies))
        left_out = set([key for key in keys if key not in self.bodies][room:])
        return [key for key in keys if key not in left_out]

    def fetch_ranked(self, keys: Sequence[str]) -> None:
        """Fetches what is ranked of episodes; of few, what is shown, too."""
        columns = self.columns.whole if len(keys) <= FEW else self.columns.ranked
        if keys:
            self._fetch([(keys, columns)])

    def _beside(self) -> Iterator[Wanted]:
        """What is fetched beside what is asked for."""
        columns = self.columns
        are_few = len(self.shown) + len(self.lines) <= _MOST_SHOWN or self.is_last
        shown = self.shown if are_few else ()
        yield shown, columns.whole
        if are_few:
            yield from _of_lines(self.lines)
        others = [key for key in self.clocks if key not in shown]
        may_be_shown = shown and len(others) <= 2 * FEW
        heard = {key for key in others if key in self.bodies and self.bodies[key].is_only_heard}
        yield sorted(heard), columns.whole if may_be_shown else columns.ranked
        yield [key for key in others if key not in heard], columns.whole if may_be_shown else (CLOCK,)


def _of_lines(lines: Mapping[str, Collection[str]]) -> Iterator[Wanted]:
    """What to fetch to have some text parts of each episode."""
    for key, parts in lines.items():
        yield (key,), tuple(sorted(parts))
