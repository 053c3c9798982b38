"""Why a search found nothing, and what to type instead: only about what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from indexer.core.errors import QueryProblem
from indexer.core.messages import _, enumeration, ngettext
from indexer.core.positions.tokens import split_atoms
from search.frontends.formats.next_steps import NextSteps
from search.frontends.formats.no_episodes import MOST_NAMES, why_no_episode
from search.frontends.formats.titles import titled
from search.query.deadline import as_deadline
from search.query.parse import parse
from search.query.syntax import All, Bag, Filter, Mode, Node, Phrase, Word, nodes

if TYPE_CHECKING:
    from search import Library
    from search.api import SearchRequest
    from search.query.plan import Plan
    from search.several_libraries import Libraries

_LONGEST_WORD = 4
"""Atoms of a name that may only sound like something."""
_BESIDE = "的"
"""In place of the second word that a user would add to the query."""


def reasons(library: Library, request: SearchRequest, steps: NextSteps) -> Iterator[str]:
    """Yields a line for each reason why nothing was found, most certain first; none where the words are simply not
    said."""
    if not library.snapshot.episode_count:
        yield _("The library has no episodes yet: `podseek index FOLDER` fills it")
        return
    tree = parse(request.query)
    filters = [*_filters(tree), *request.filters]
    empty = [one for one in filters if not library.episodes([one])]
    for one in empty:
        yield why_no_episode(one, library)
    if empty:
        return
    if len(filters) > 1 and not library.episodes(filters):
        listed = " ".join(map(str, filters))
        yield _("No episode passes all of {filters}: leave one out").format(filters=listed)
        return
    words = " ".join(str(node) for node in _without_filters(tree))
    if filters and (total := _found(library, request, words)):
        what = ngettext(
            "Without {filters} there is {n} moment: leave it out, or choose others",
            "Without {filters} there are {n} moments or more: leave it out, or choose others",
            total,
        )
        yield what.format(filters=" ".join(map(str, filters)), n=total)
        return
    if in_titles := titled(library, request.query, (), steps):
        yield in_titles
    yield from _in_longer_numbers(library, request, tree, steps)
    yield from _sounding(library, request, tree)
    yield from _less_strict(library, request, tree, steps)


def reasons_of_each(libraries: Libraries, request: SearchRequest, steps: Callable[[str], NextSteps]) -> Iterator[str]:
    """Yields the `reasons` of each library, after its name; once without, where all have the same. `steps` are those
    in the library of a name."""
    told: dict[str, list[str]] = {}
    for name, library in libraries.by_name.items():
        for line in reasons(library, request, steps(name)):
            told.setdefault(line, []).append(name)
    for line, names in told.items():
        yield line if len(names) == len(libraries.by_name) else f"{enumeration(names)}: {line}"


def beyond_the_last(library: Library | Libraries, request: SearchRequest, of_episodes: bool = False) -> str:
    """Returns how many moments, or episodes with one, there are, if the offset of a request that found nothing leaves
    out all of them; empty if there are none, or the time is up."""
    offset, request = request.offset, request._replace(offset=0, limit=1)
    found = library.search(request)
    moments, episodes = library.tally(found.plan, request) if found else (0, 0)
    if not found or as_deadline(request.timeout).reason:
        return ""
    total = min(offset, episodes if of_episodes else moments)
    if of_episodes:
        only = ngettext("There is only {n:,} episode", "There are only {n:,} episodes", total)
    else:
        only = ngettext("There is only {n:,} moment", "There are only {n:,} moments", total)
    return _("{only}: --offset {offset} leaves out all").format(only=only.format(n=total), offset=offset)


def _filters(tree: Node) -> list[Filter]:
    """The filters of a query that every moment must pass."""
    items = tree.items if isinstance(tree, Bag | All) else (tree,)
    return [item for item in items if isinstance(item, Filter)]


def _without_filters(tree: Node) -> list[Node]:
    items = tree.items if isinstance(tree, Bag | All) else (tree,)
    return [item for item in items if not isinstance(item, Filter)]


def _found(library: Library, request: SearchRequest, words: str) -> int:
    """The number of moments of a query without filters, of at most ten that are looked for."""
    deadline = getattr(request.timeout, "again", lambda: request.timeout)()
    return len(library.search(request._replace(query=words, filters=(), limit=10, offset=0, timeout=deadline)))


def _in_longer_numbers(library: Library, request: SearchRequest, tree: Node, steps: NextSteps) -> Iterator[str]:
    """Says how many moments there are of a number in Chinese characters as a part of longer ones, which quotes find."""
    from search.matching.longer_numbers import numeral

    if not isinstance(tree, Word) or tree.mode is Mode.EXACT or numeral(tuple(split_atoms(tree.text))) is None:
        return
    quoted = str(Phrase(tree.text))
    if total := _found(library, request, quoted):
        what = ngettext(
            "In longer numbers there is {n} moment: {search}",
            "In longer numbers there are {n} moments or more: {search}",
            total,
        )
        yield what.format(n=total, search=steps.search(quoted))


def _sounding(library: Library, request: SearchRequest, tree: Node) -> Iterator[str]:
    """Says of a single name what sounds like it: too weak a sign to show moments, unless another word is near."""
    if not isinstance(tree, Word) or tree.mode is Mode.EXACT or tree.is_open or request.exact:
        return
    if not 1 < len(split_atoms(tree.text)) <= _LONGEST_WORD:
        return
    heard = _heard(library, library.plan(f"{tree.text} {_BESIDE}"), tree.text)
    if heard:
        what = _("{word} only sounds like {heard}: add a word that is said near it, as in `{word} ...`")
        yield what.format(word=tree.text, heard=enumeration(heard))


def _heard(library: Library, plan: Plan, word: str) -> list[str]:
    """The expansions of a word in a plan, each with its number of occurrences."""
    resolved = library.resolved(plan)
    counts: dict[str, int] = {}
    for number, others in plan.stand_ins.items():
        if resolved.terms[number].label == word:
            for form in (form for other in others for form in resolved.terms[other].alternatives):
                text = "".join(form.atoms)
                counts[text] = counts.get(text, 0) + form.source.count
    return [f"{text} ({count})" for text, count in islice(counts.items(), MOST_NAMES)]


def _less_strict(library: Library, request: SearchRequest, tree: Node, steps: NextSteps) -> Iterator[str]:
    """Says what would be looked for without what makes the query strict: quotes, `=` and `--exact`."""
    strict = list(dict.fromkeys([*_strict(tree), *(["--exact"] if request.exact else [])]))
    if not strict:
        return
    from search.frontends.formats import query_plans

    loose = library.loosely(request.query)
    others = query_plans.instead(library.resolved(loose), search=steps.search) if loose is not None else ()
    lines = [_("Without {strict}: {line}").format(strict=enumeration(strict), line=line) for line in others]
    yield from lines or _without_quotes(library, request, tree, steps)


def _without_quotes(library: Library, request: SearchRequest, tree: Node, steps: NextSteps) -> Iterator[str]:
    """Says how many moments there are for the words of quotes."""
    words = _unquoted(tree)
    if words and (total := _found(library, request, words)):
        what = ngettext(
            "Without the quotes there is {n} moment: {search}",
            "Without the quotes there are {n} moments or more: {search}",
            total,
        )
        yield what.format(n=total, search=steps.search(words))


def _unquoted(tree: Node) -> str:
    """A query of words and quotes without the quotes; empty if it has anything else, and if it would mean something
    else so."""
    items = tree.items if isinstance(tree, Bag) else (tree,)
    if not (any(isinstance(one, Phrase) for one in items) and all(isinstance(one, Phrase | Word) for one in items)):
        return ""
    words = " ".join(one.text if isinstance(one, Phrase) else str(one) for one in items)
    try:
        loose = parse(words)
    except QueryProblem:
        return ""
    return words if all(isinstance(node, Word | Bag) for node in nodes(loose)) else ""


def _strict(tree: Node) -> Iterator[str]:
    for node in nodes(tree, negated=False):
        match node:
            case Phrase():
                yield _("quotes")
            case Word(_text, Mode.EXACT):
                yield "="
