"""Which hits bear a condition, told of all windows at once, against a look at every window by itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.core.text.folding import Folding
from indexer.core.types import Episode, Facts
from search.matching.sources import PlacesSource
from search.matching.terms import Term
from search.query.deadline import Deadline
from search.query.filters import EpisodeTest
from search.query.plan import Every, Has, HasNear, Lacks, Need, Passes, Plan, Some
from search.retrieval.conditions.one_window import View, bearing, meets
from search.retrieval.conditions.sweep import bearing_hits
from search.retrieval.resolved_plan import ResolvedAlternative, ResolvedPlan, ResolvedTerm
from search.retrieval.windows import Hit, Span, reaches, slide

TERMS = 10
EPISODE = Episode("show/a", "a.srt", Facts(), 0.0, 0, 0)

has = st.sets(st.integers(0, TERMS - 1), min_size=1, max_size=2).map(lambda numbers: Has(tuple(sorted(numbers))))
passes = st.booleans().map(lambda denied: Passes(EpisodeTest("title", "", denied)))


def near(side: st.SearchStrategy[Need]) -> st.SearchStrategy[Need]:
    return st.builds(HasNear, side, side, st.sampled_from((0.0, 1.0, 3.0, 5.0, 8.0, 20.0, 60.0)), st.booleans())


def inner(needs: st.SearchStrategy[Need]) -> st.SearchStrategy[Need]:
    several = st.lists(needs, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        near(needs), several.map(Some), several.map(Every), needs.map(Lacks), st.just(Every(())), passes, has
    )


def side(needs: st.SearchStrategy[Need]) -> st.SearchStrategy[Need]:
    """What may stand beside a NEAR: words, brackets of OR, another NEAR."""
    several = st.lists(needs, min_size=1, max_size=3).map(tuple)
    return st.one_of(near(needs), several.map(Some), has)


NEEDS: st.SearchStrategy[Need] = st.recursive(has, inner, max_leaves=6)
CHAINS: st.SearchStrategy[Need] = near(st.recursive(has, inner, max_leaves=10))
"""AND, OR and NOT beside a NEAR."""
NEARS: st.SearchStrategy[Need] = near(st.recursive(has, side, max_leaves=5))


@st.composite
def talks(draw: st.DrawFn) -> tuple[tuple[ResolvedTerm, ...], list[Hit], list[int], Span]:
    """Terms, their hits, when each is said, and how far a window reaches; times may jump back."""
    lengths = st.lists(st.sampled_from((1, 1, 1, 2, 4)), min_size=1, max_size=2)
    terms = tuple(
        ResolvedTerm(
            Term(str(number), ()), tuple(ResolvedAlternative(("x",), PlacesSource(size, {})) for size in draw(lengths))
        )
        for number in range(TERMS)
    )
    places = draw(st.lists(st.integers(0, draw(st.sampled_from((6, 40, 150)))), min_size=1, max_size=30))
    hits = sorted({(place, draw(st.integers(0, TERMS - 1)), 0) for place in places})
    hits = [(place, n, draw(st.integers(0, len(terms[n].alternatives) - 1))) for place, n, _ in hits]
    steps = st.sampled_from((0, 0, 1, 500, 1000, 3000, *((-2000, -7000) if draw(st.booleans()) else ())))
    at: list[int] = []
    for index, hit in enumerate(hits):
        again = index and hits[index - 1][0] == hit[0]
        at.append(at[-1] if again else max(0, (at[-1] if at else 0) + draw(steps)))
    return terms, hits, at, Span(draw(st.sampled_from((2000, 22_000, 60_000))), draw(st.sampled_from((5, 20, 200))))


def plan_of(terms: tuple[ResolvedTerm, ...], need: Need, leaves_out: bool, excluded: frozenset[int]) -> ResolvedPlan:
    return ResolvedPlan(Plan((), excluded, need, (), (), leaves_out, {}, ()), terms, Folding({}))


def around(plan: ResolvedPlan, span: Span, hits: Sequence[Hit], at: Sequence[int], begin: int, end: int) -> View:
    """What is said from one window before the first hit that was looked for to one after the last."""
    sought = [number for number in range(begin, end) if hits[number][1] not in plan.excluded]
    first, last = (sought[0], sought[-1]) if sought else (begin, end - 1)
    low, high = first, last + 1
    while low > 0 and abs(at[first] - at[low - 1]) <= span.milliseconds:
        low -= 1
    while high < len(hits) and abs(at[high] - at[last]) <= span.milliseconds:
        high += 1
    return View(partial(plan.passes, episode=EPISODE), plan.terms, hits[low:high], at[low:high])


def looked_at(plan: ResolvedPlan, need: Need, hits: Sequence[Hit], at: Sequence[int], span: Span) -> list[Hit]:
    """The hits of every window that meets the need, window by window."""
    kept: set[Hit] = set()
    for _, begin, end in slide(hits, at, span, [1.0] * TERMS, [0.0] * 9, 1.0):
        wide = around(plan, span, hits, at, begin, end) if plan.leaves_out else None
        view = View(partial(plan.passes, episode=EPISODE), plan.terms, hits[begin:end], at[begin:end], wide)
        if meets(need, view):
            kept.update(hit for hit in bearing(need, view) if hit[1] not in plan.excluded)
    return sorted(kept)


@settings(max_examples=400)
@given(
    talk=talks(),
    need=st.one_of(NEEDS, NEARS, CHAINS),
    leaves_out=st.booleans(),
    excluded=st.frozensets(st.integers(0, TERMS - 1), max_size=1),
)
@example(  # what must be absent is sought further around than a window reaches
    talk=(
        tuple(
            ResolvedTerm(Term(str(n), ()), (ResolvedAlternative(("x",), PlacesSource(1, {})),)) for n in range(TERMS)
        ),
        [(0, 1, 0), (3, 2, 0), (6, 0, 0)],
        [0, 500, 1000],
        Span(2000, 5),
    ),
    need=Every((Has((2,)), Lacks(HasNear(Has((1,)), Has((0,)), 8.0, True)))),
    leaves_out=True,
    excluded=frozenset(),
)
def test_the_hits_that_bear_a_need_are_those_of_the_windows_that_meet_it(
    talk: tuple[tuple[ResolvedTerm, ...], list[Hit], list[int], Span],
    need: Need,
    leaves_out: bool,
    excluded: frozenset[int],
) -> None:
    terms, hits, at, span = talk
    plan = plan_of(terms, need, leaves_out, excluded if leaves_out else frozenset())
    found = bearing_hits(plan, need, EPISODE, hits, at, span, Deadline())
    assert found == looked_at(plan, need, hits, at, span)


@given(talk=talks())
def test_a_window_reaches_as_far_as_it_slides(
    talk: tuple[tuple[ResolvedTerm, ...], list[Hit], list[int], Span],
) -> None:
    _, hits, at, span = talk
    assert reaches(hits, at, span) == [end for _, _, end in slide(hits, at, span, [1.0] * TERMS, [0.0] * 9, 1.0)]
