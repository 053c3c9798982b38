"""Random talk of few words, questions about it, and their plans: what the tests of ranking draw from."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from search import Library
from search.expansion.expand import expanded
from search.matching.resolver import Resolver
from search.query.parse import parse
from search.query.planner import make_plan
from search.retrieval.resolved_plan import ResolvedPlan
from support.library import Line
from support.transcripts.episodes import shows

WORDS = ("网络", "学习", "强化", "风水", "哈哈", "开了", "收音机", "gpu", "的")
RANKED = st.lists(st.sampled_from((*WORDS, "强化学习", "网络学习风水")), min_size=2, max_size=4, unique=True).map(
    " ".join
)

# Talk of few words, so that episodes have many windows and these differ in score.
LINES = st.lists(st.sampled_from((*WORDS, *WORDS, "今天", "，")), min_size=1, max_size=6).map("".join)


@cache
def _several(most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(LINES, min_size=1, max_size=most)


@cache
def _steps(amount: int) -> st.SearchStrategy[list[float]]:
    return st.lists(st.sampled_from((1.0, 3.0, 7.0, 12.0)), min_size=amount, max_size=amount)


@st.composite
def talks(draw: st.DrawFn, most: int = 40) -> list[Line]:
    texts = draw(_several(most))
    steps = draw(_steps(len(texts)))
    lines, now = [], 0.0
    for text, step in zip(texts, steps, strict=True):
        lines.append((now, now + step, text))
        now += step
    return lines


CORPORA = st.one_of(shows(4, 24), st.dictionaries(st.sampled_from("abcd"), talks(), min_size=1, max_size=4))


def plan_of(library: Library, query: str, tolerant: bool) -> ResolvedPlan:
    plan = make_plan(parse(query), Resolver(library.snapshot), tolerant)
    return library.resolved(expanded(plan, library._open.finder) if tolerant else plan)
