"""Decides what to fetch next from a remote index, after an answer that lacked something."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from indexer.core.positions.tokens import is_single
from search.backends.conditions import EVERY, Condition, HasDamped, HasSounds, all_of
from search.backends.remote import ByBound, Questions, RemoteIndex
from search.query.plan import Some
from search.query.syntax import Node
from search.retrieval.moments import MORE
from search.retrieval.remote.facts.known_words import KnownWords
from search.retrieval.remote.facts.missing_facts import Lacking
from search.retrieval.remote.facts.typed_words import tests
from search.retrieval.remote.fetching.episodes_meeting import EpisodesMeeting, get_all
from search.retrieval.remote.fetching.fetched_episodes import Gathered
from search.retrieval.remote.fetching.likeliest_episodes import ROUNDED
from search.retrieval.remote.fetching.listed_episodes import (
    MOST_BOUNDED,
    first_likely,
    first_of_last,
    get_densest,
    get_likeliest,
    get_likely,
    was_read,
)
from search.retrieval.remote.projection import regex_decks, wanted_decks
from search.retrieval.remote.selection import fetch_conditions
from search.retrieval.remote.selection.heard_episodes import competing
from search.retrieval.remote.selection.needed_episodes import AskedRanking, BestWindows, NeededEpisodes, ranked_parts
from search.retrieval.remote.selection.one_run import only_run, worst_peak
from search.retrieval.remote.snapshots.fetched_snapshot import FetchedSnapshot

ALL_AT_ONCE = 300
"""An index of so many episodes is fetched at once, as far as a query reads them."""


class NextFetch:
    """Decides and fetches for one state of a remote index; threads may share it."""

    def __init__(self, remote: RemoteIndex, words: KnownWords, filters: fetch_conditions.Filters) -> None:
        self._remote = remote
        self._words = words
        self._filters = filters
        self._needed = NeededEpisodes(remote, words, filters)

    def got_more(
        self, snapshot: FetchedSnapshot, asked: Sequence[AskedRanking], gathered: Gathered, tree: Node | None
    ) -> bool:
        """Fetches what an answer lacked; False if it lacked nothing. The first ranking comes first: with enough moments
        in it, nothing that follows is needed."""
        regexes = regex_decks.decks(tree, self._words)
        if not gathered.bodies and regexes is None:
            gathered.decks = None
        speaks = any(one.plan.plan.voices for one in asked)
        gathered.with_signs = speaks or bool(regex_decks.expressions(tree))
        gathered.hears_apart, gathered.lists.pending = self._are_bounded(asked, gathered), None
        lacked = self._with_competing(snapshot.lacking(), asked, gathered)
        gathered.inside, gathered.lists.wants_likeliest = lacked.inside, False
        gathered.shown, gathered.lines = sorted(lacked.whole), dict(sorted(lacked.parts.items()))
        gathered.close = ranked_parts(reversed(asked), lacked.whole)
        are_bounded = all(map(self._needed.has_bounds, asked)) and not speaks
        gathered.are_timed = self._is_small(gathered) or not are_bounded
        gathered.clocks = sorted(lacked.clocks) if self._are_ranked(asked, gathered) else ()
        of_plans = (wanted_decks.of_plan(one.plan.plan, self._words.readings) for one in asked)
        gathered.want_decks(lacked.decks.union(regexes or (), *of_plans))
        gathered.is_guess = _is_likely(asked, gathered) and not isinstance(asked[0].plan.need, Some)
        if not lacked.has_uncounted:
            for ranked in filter(None, map(self._needed.likeliest, asked)):
                gathered.lists.want_likeliest(ranked, is_first=not gathered.bodies)
        more = not self._needs_all(asked, gathered) and self._got(asked[0].lacked, asked[:1], gathered, tree)
        more = more or self._got(lacked, asked, gathered, tree) or self._got_shown(lacked, gathered)
        self._words.note_all_inside(gathered.told_inside)
        self._words.note_runs(gathered.told_runs)
        return bool(more)

    def _are_bounded(self, asked: Sequence[AskedRanking], gathered: Gathered) -> bool:
        """Whether passages bound all that competes in an answer of running text, but for what sounds alike and the
        likeliest episodes, which are read. The few decks of other queries tell more than these bounds."""
        if not asked or gathered.decks is None or not asked[0].plan.is_long_text or self._by_bound(asked[0]) is None:
            return False
        return all(one.follows or one.is_sentence or self._by_bound(one) is not None for one in asked[1:])

    def _with_competing(self, lacked: Lacking, asked: Sequence[AskedRanking], gathered: Gathered) -> Lacking:
        """What was lacked, with the clocks, and whatever else is ranked, of the episodes that were fetched only for
        what sounds alike, and may compete."""
        bounded = self._first_bounded(asked) if gathered.hears_apart else None
        if bounded is None:
            return lacked
        keys = chain.from_iterable(competing(one, bounded[1], gathered) for one in asked)
        return lacked._replace(clocks=lacked.clocks.union(keys))

    def _got_shown(self, lacked: Lacking, gathered: Gathered) -> bool:
        """Fetches what only matters once nothing else is lacking; False if there is nothing."""
        is_asked = bool(gathered.inside) or gathered.lists.pending is not None
        if is_asked:
            gathered.ask(Questions())
        else:
            gathered.fetch_whole(sorted(lacked.whole), lacked.parts)
        return lacked.is_of_lines or is_asked

    def _got(self, lacked: Lacking, asked: Sequence[AskedRanking], gathered: Gathered, tree: Node | None) -> bool:
        """Fetches what was lacked, and what some rankings depend on; False if that is nothing."""
        if lacked.terms or lacked.spelled:
            self._words.learn_all(lacked.terms, lacked.runs, lacked.spelled)
            return True
        gathered.runs = sorted(lacked.runs)  # most that are first thought of now are said nowhere
        decides = not all(map(_is_name, lacked.runs))  # what is asked depends on them, maybe not passages
        if decides and not gathered.bodies:
            listed = self._first_passages(asked, gathered)
            gathered.ask(Questions(listed=listed))
            return True
        if mute := lacked.sounds if gathered.decks is not None else lacked.sounds | lacked.mute:
            gathered.fetch_heard(sorted(mute))
            return True
        if new := self._conditions(lacked, asked, gathered):
            gathered.are_timed = gathered.are_timed or self._needed.are_rare(new)
            asked_for = {one: self._narrower(one, lacked, tree) for one in new}
            of_all = [one for one in asked_for.values() if not wanted_decks.ways_of(one)]
            gathered.want_decks(wanted_decks.of_conditions(of_all, self._words.readings))
            listed, likely = self._beside(asked if EVERY not in new else (), gathered)
            meeting = EpisodesMeeting(gathered, asked_for, lacked.with_text, lacked.with_signs)
            meeting.ask(listed, likely)
            meeting.fetch(self._first_listed(asked, gathered) if listed and meeting.takes_two else ())
            return True
        if gathered.runs:
            gathered.ask(Questions())
            return True
        if gathered.lacks_decks():
            gathered.read_decks(self._beside(asked, gathered)[1])
            return True
        if sum(self._got_likely(one, gathered) for one in asked) or gathered.read_clocks(lacked.clocks):
            return True
        if gathered.is_complete(EVERY):
            return False
        return any(one.is_sentence for one in asked) and get_likeliest(gathered)

    def _needs_all(self, asked: Sequence[AskedRanking], gathered: Gathered) -> bool:
        """Whether what follows the first ranking is probably needed. Running text nearly always needs it, and other
        queries do where too few places have all of the words, or of what a condition wants."""
        if not asked or asked[0].follows or any(one.is_sentence for one in asked):
            return True
        if gathered.decks is None:  # then what follows costs most
            return False
        first, listed = asked[0], self._by_bound(asked[0])
        if first.plan.plan.lacks_words or _is_likely(asked, gathered):
            return True
        most, is_counted = first.most or 0, not (first.lacked.terms or first.lacked.runs)
        if is_counted and MORE * first.most_whole < most:
            return True
        if listed is None or first.most is None:
            return False
        if len(listed.terms) < len(first.weighed.wanted):  # of the others the bounds say nothing
            return True
        if not (known := gathered.lists.of_passages(listed)).size:
            return False
        weight = sum(term.weight for term in listed.terms)
        least = weight * weight / listed.total * (1 - ROUNDED)
        return MORE * sum(bound >= least for bound, _ in known.found) < first.most

    def _are_ranked(self, asked: Sequence[AskedRanking], gathered: Gathered) -> bool:
        """Whether the likeliest episodes are here, so that of all others few compete."""
        listed = self._by_bound(asked[0]) if asked else None
        return listed is None or was_read(gathered, listed)

    def _beside(self, asked: Sequence[AskedRanking], gathered: Gathered) -> tuple[ByBound | None, Sequence[str]]:
        """The passages that are listed beside what meets conditions, or the episodes that are fetched because of those
        that were listed."""
        bounded = self._first_bounded(asked)
        if bounded is None or was_read(gathered, bounded[1]) or gathered.is_complete(EVERY):
            return None, ()
        listed = bounded[1]
        if not gathered.lists.of_passages(listed).size:
            return self._first_passages(asked, gathered), first_of_last(gathered, bounded[0].is_long)
        if gathered.decks is None:  # what meets conditions may be fetched in another way, and whole
            return None, ()
        return None, self._first_listed(asked, gathered)

    def _first_listed(self, asked: Sequence[AskedRanking], gathered: Gathered) -> Sequence[str]:
        """The episodes that come first because of the passages that were listed."""
        bounded = self._first_bounded(asked)
        if bounded is None:
            return ()
        one, listed = bounded
        floor = (one.further or one.best).floor if gathered.bodies else None
        return first_likely(gathered, listed, floor, one.most_windows, one.is_long)

    def _first_bounded(self, asked: Sequence[AskedRanking]) -> tuple[AskedRanking, ByBound] | None:
        """The first ranking that passages bound, and these: of a query with quotes the one without, which fills it
        up."""
        return next(((one, listed) for one in asked if (listed := self._by_bound(one)) is not None), None)

    def _first_passages(self, asked: Sequence[AskedRanking], gathered: Gathered) -> ByBound | None:
        """The passages to list with the first episodes."""
        bounded = self._first_bounded(asked) if not gathered.bodies else None
        if bounded is None or gathered.lists.of_passages(bounded[1]).size:
            return None
        return bounded[1]._replace(size=MOST_BOUNDED)

    def _conditions(self, lacked: Lacking, asked: Sequence[AskedRanking], gathered: Gathered) -> Sequence[Condition]:
        """The conditions of episodes that are to be fetched, of which some are not here."""
        wanted = list(lacked.conditions)
        for one in asked:
            wanted += self._needed.conditions(one, gathered.lists.likeliest)
        if self._is_small(gathered) and self._needed.are_most(asked) and EVERY not in wanted:  # which may be narrowed
            return [EVERY]
        return [condition for condition in dict.fromkeys(wanted) if not gathered.is_complete(condition)]

    def _is_small(self, gathered: Gathered) -> bool:
        """Whether all episodes of the index are as cheap as those that a ranking needs."""
        is_partial = gathered.decks is not None and not gathered.is_complete(EVERY)
        return is_partial and self._remote.episode_count <= ALL_AT_ONCE

    def _narrower(self, condition: Condition, lacked: Lacking, tree: Node | None) -> Condition:
        """The condition of episodes that suffice for one that was lacked: a regular expression is looked up everywhere,
        but may match in few."""
        if condition != EVERY or condition not in lacked.conditions or tree is None:
            return condition
        return fetch_conditions.of_regexes(tree, tests(tree, self._words), self._filters, self._words.folding)

    def _got_likely(self, asked: AskedRanking, gathered: Gathered) -> bool:
        """Fetches the episodes that may have a better window than the worst of a ranking; False if there are none."""
        plan, ranking, weighed = asked.plan.plan, asked.ranking, asked.weighed
        if ranking is None or asked.most is None or asked.follows or not weighed.wanted:
            return False
        run = only_run(plan, weighed)
        if plan.is_exhaustive and run is None:
            return False
        every = fetch_conditions.of_plan(plan, self._filters)
        if gathered.is_complete(every):
            return False
        if run is not None:
            filters = self._filters.all(plan.filters)
            floor = worst_peak(weighed, asked.undamped, asked.most, asked.snapshot.ids)
            got = get_densest(gathered, run, filters, floor, asked.most)
        else:
            got = self._got_by_bound(asked, gathered)
        if got is None:  # no bound leaves enough of them out
            heard = (one for one in asked.snapshot.wanted if isinstance(one, HasSounds))  # will be needed, too
            get_all(gathered, {every: every} | {one: one for one in heard if not gathered.is_complete(one)})
            return True
        if not got and run is None and asked.wants_damped:
            damped = all_of((every, HasDamped()))
            if not gathered.is_complete(damped):
                get_all(gathered, {damped: damped})
                return True
        return got

    def _got_by_bound(self, asked: AskedRanking, gathered: Gathered) -> bool | None:
        """Fetches the episodes next that may have a window among the best; False if there are none, None if too many
        passages may. The windows beyond those with the full score matter once these are too few."""
        listed = self._by_bound(asked)
        if listed is None:
            return False
        further = asked.further
        if further is None or not asked.is_long:
            got = _got_best(asked.best, listed, gathered, asked.is_long)
            if further is None or got or got is None:
                return got
        return _got_best(further, listed, gathered, is_long=True)

    def _by_bound(self, asked: AskedRanking) -> ByBound | None:
        """The passages by which a ranking of several terms is bounded; None for any other, and for one whose terms are
        all read whole."""
        plan, weighed = asked.plan.plan, asked.weighed
        if asked.ranking is None or asked.most is None or asked.follows or plan.is_exhaustive or not weighed.wanted:
            return None
        bounds = (
            fetch_conditions.bound_of(plan.terms[number], weighed.term_weights[number])
            for number in weighed.wanted
            if self._is_bounded(asked, number)
        )
        terms = tuple(bound for bound in bounds if bound is not None)
        return ByBound(terms, weighed.total, self._filters.all(plan.filters), 0) if terms else None

    def _is_bounded(self, asked: AskedRanking, number: int) -> bool:
        """Whether passages are listed for a term: not for what is said nowhere, and weighs as what stands for it."""
        term = asked.plan.terms[number]
        return term.is_exact and term.count > 0 and not self._needed.is_read_whole(asked.plan.plan, number)


def _got_best(best: BestWindows, listed: ByBound, gathered: Gathered, is_long: bool) -> bool | None:
    """Fetches the episodes next that may have one of the best windows, as many as are wanted."""
    if best.floor is None and was_read(gathered, listed):
        return None
    return get_likely(gathered, listed, best.floor, best.most, is_long)


def _is_likely(asked: Sequence[AskedRanking], gathered: Gathered) -> bool:
    """Whether what follows a ranking of a condition is asked for beside the clocks that this lacks, likely as it is to
    be needed: of alternatives, which are seldom said together, surely."""
    is_first = bool(asked) and not (asked[0].follows or gathered.decks is None or gathered.guessed_too_much)
    return is_first and asked[0].plan.need is not None and bool(asked[0].lacked.clocks)


def _is_name(run: Sequence[str]) -> bool:
    """Whether a run is in letters: another way to write a name, of which there are many, mostly said nowhere."""
    return not any(map(is_single, run))
