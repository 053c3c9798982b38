"""Which episodes of a remote index an answer may depend on, as conditions that the index can test.

A condition may admit too many episodes, never too few: the fetched ones are searched like those of any index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from indexer.core.positions.token_stream import is_basic
from indexer.core.text.folding import Folding
from search.backends.conditions import (
    EVERY,
    Condition,
    Conjunction,
    Dated,
    Disjunction,
    HasTitle,
    Holds,
    HoldsMost,
    Negation,
    ValueIn,
    all_of,
)
from search.backends.remote import Bound, RemoteIndex
from search.matching.fuzzy_phrase import SLACK, pairs_of
from search.matching.regex_syntax import parse_regex
from search.matching.regex_tree import required, required_runs
from search.matching.terms import Pattern, QuorumPattern, RegexPattern, RunPattern, SoundPattern, Term, WordPattern
from search.query.filters import ONLY, EpisodeTest
from search.query.plan import Every, Has, HasNear, Lacks, Need, Passes, Plan, Some
from search.query.syntax import Filter, Node, nodes
from search.retrieval.remote.projection.regex_decks import expressions

_MOST_VALUES = 1000
"""Values of a filter that are sent; with more, the filter is tested here."""


class Filters:
    """Translates tests of episodes. The values of shows, titles and speakers are compared here, folded."""

    def __init__(self, remote: RemoteIndex, folding: Folding) -> None:
        self._remote = remote
        self._folding = folding
        self._values: dict[str, Sequence[str]] = {}

    def forget(self) -> None:
        """Asks for the values again: those that are known may not be all."""
        self._values = {}

    def unknown(self, tree: Node) -> list[str]:
        """The fields of the filters of a query whose values were not asked for."""
        fields = {_field_of(node.field) for node in nodes(tree) if isinstance(node, Filter)}
        return sorted(fields.intersection(_FIELDS) - self._values.keys())

    def note(self, values: Mapping[str, Sequence[str]]) -> None:
        """Notes all values of some fields."""
        self._values |= values

    def all(self, tests: Iterable[EpisodeTest]) -> Condition:
        """The condition of episodes that pass all of the tests."""
        return all_of(map(self.one, tests))

    def are_exact(self, tests: Iterable[EpisodeTest]) -> bool:
        """Whether the condition of some tests admits no episode that does not pass them."""
        return EVERY not in map(self.one, tests)

    def one(self, test: EpisodeTest) -> Condition:
        """The condition of episodes that pass a test."""
        if test.denied:
            positive = test._replace(denied=False)
            # Beside a speaker others may speak.
            return EVERY if test.field == "speaker" else _negated(self.one(positive))
        if test.field == "date":
            first, _dots, last = test.wanted.partition("..")
            return Dated(first, last)
        if test.field == ONLY:
            return ValueIn("id", tuple(test.wanted.split("\n")))
        field = _field_of(test.field)
        fold = self._folding.fold
        if field not in self._values:
            self._values[field] = self._remote.values(field)
        values = tuple(value for value in self._values[field] if test.wanted in fold(value))
        return ValueIn(field, values) if len(values) <= _MOST_VALUES else EVERY


_FIELDS = "show", "title", "voices"


def _field_of(tested: str) -> str:
    """The field of an episode with the values that a filter tests."""
    return "voices" if tested == "speaker" else tested


def _negated(one: Condition) -> Condition:
    return EVERY if one == EVERY else Negation((one,))


def of_pattern(pattern: Pattern) -> Condition:
    """The condition of episodes in which a pattern may occur."""
    match pattern:
        case QuorumPattern(atoms):
            return HoldsMost(*pairs_of(atoms), SLACK)
        case RegexPattern():
            return EVERY
        case _:
            return Holds(pattern.atoms)


def of_sought(runs: Sequence[Sequence[str]], least: int) -> Condition:
    """The condition of episodes in which a snapshot looks up a run, or most of a quote by its pairs
    (`Snapshot.seek`)."""
    if len(runs) == 1:
        return Holds(tuple(runs[0]))
    return HoldsMost(tuple((first, second) for first, second in runs), least, SLACK)


def of_term(term: Term) -> Condition:
    """The condition of episodes in which a term may occur."""
    ways = tuple(dict.fromkeys(of_pattern(way.pattern) for way in term.alternatives))
    return ways[0] if len(ways) == 1 else Disjunction(ways)


def not_heard(term: Term) -> Term:
    """A term without what was found by its sound: these places are in episodes that were read for that."""
    ways = tuple(way for way in term.alternatives if not isinstance(way.pattern, SoundPattern))
    return term._replace(alternatives=ways)


def of_terms(terms: Iterable[Term]) -> Condition:
    """The condition of episodes in which one of some terms may occur."""
    every = tuple(dict.fromkeys(of_term(term) for term in terms if term.alternatives))
    return EVERY if EVERY in every else Disjunction(every)


def of_need(need: Need, plan: Plan, filters: Filters) -> Condition:
    """The condition of episodes that may meet a need."""
    match need:
        case Has(numbers):
            return of_terms(plan.terms[number] for number in numbers)
        case Every(needs):
            return all_of(of_need(one, plan, filters) for one in needs)
        case Some(needs):
            every = tuple(of_need(one, plan, filters) for one in needs)
            return EVERY if EVERY in every else Disjunction(every)
        case HasNear(left, right):
            return all_of((of_need(left, plan, filters), of_need(right, plan, filters)))
        case Passes(test):
            return filters.one(test)
        case Lacks(Passes(test)):
            return filters.one(test._replace(denied=not test.denied))
        case Lacks():
            return EVERY


def of_plan(plan: Plan, filters: Filters) -> Condition:
    """The condition of all episodes that may have a moment of a plan, but for those that were read for its sounds."""
    plan = plan._replace(terms=tuple(map(not_heard, plan.terms)))
    found = (term for number, term in enumerate(plan.terms) if number not in plan.excluded)
    conditions = [filters.all(plan.filters), of_terms(found)]
    if plan.need is not None:
        conditions.append(of_need(plan.need, plan, filters))
    return all_of(conditions)


def of_titles(plan: Plan, filters: Filters) -> Condition:
    """The condition of episodes with a chapter title that has a typed term of a plan."""
    typed = plan.terms[: len(plan.shares)]
    runs = dict.fromkeys(way.atoms for term in typed for way in term.alternatives if way.atoms)
    return all_of((filters.all(plan.filters), Disjunction(tuple(map(HasTitle, runs)))))


def of_regexes(tree: Node, plan_filters: Sequence[EpisodeTest], filters: Filters, folding: Folding) -> Condition:
    """The condition of episodes in which a regular expression of a query may match."""
    every: list[Condition] = []
    for expression in expressions(tree):
        part = parse_regex(expression, folding.fold)
        parts = (groupby(run, is_basic) for run in required_runs(part))
        runs = {tuple(several) for each in parts for basic, several in each if basic}
        alone = filter(is_basic, required(part).difference(*runs))
        every.append(Conjunction(tuple(map(Holds, sorted([*runs, *zip(alone)])))))
    anywhere: Condition = EVERY if not every or EVERY in every else Disjunction(tuple(every))
    return all_of((filters.all(plan_filters), anywhere))


def bound_of(term: Term, weight: float) -> Bound | None:
    """The words, characters and runs by which a term is bounded. None for one of which nothing is known but the
    places."""
    texts, runs = [], []
    for way in term.alternatives:
        match way.pattern:
            case WordPattern(atoms):
                texts.append("".join(atoms))
            case RunPattern(atoms) if len(atoms) > 1:
                runs.append(atoms)
            case RunPattern(atoms):
                texts.append(atoms[0])
            case _:
                return None
    return Bound(tuple(dict.fromkeys(texts)), weight, tuple(dict.fromkeys(runs)))
