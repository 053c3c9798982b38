"""The explorations that the API and the pages offer: corpus linguistics over an index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from indexer.core.errors import QueryProblem
from indexer.core.messages import N_, _
from search.frontends.schemas.arguments import choice, integer, several, switch, text
from search.frontends.web.api.endpoints import FILTERS, LIMIT, MOST, QUERY, Endpoint, Record, filters_of, listed
from search.library import Library
from search.query.deadline import Deadline

_WORDS = text(N_("Words or other texts, separated by commas; each is looked for exactly."))
_DAMPING = {"loops": switch(N_("Count the recogniser's loops and stock lines, too."))}


def _concordance(library: Library, asked: Record, deadline: Deadline) -> Any:
    return library.explore.concordance(
        asked["q"],
        filters_of(asked),
        sort=asked["sort"],
        limit=asked["limit"],
        context=asked["context"],
        tolerant=asked["tolerant"],
        damping=not asked["loops"],
        timeout=deadline,
    )


def _trend(library: Library, asked: Record, deadline: Deadline) -> Any:
    return library.explore.trend(
        several(asked["words"]), filters_of(asked), by=asked["by"], damping=not asked["loops"], timeout=deadline
    )


def _dispersion(library: Library, asked: Record, deadline: Deadline) -> Any:
    return library.explore.dispersion(
        several(asked["words"]),
        filters_of(asked),
        limit=asked["limit"],
        damping=not asked["loops"],
        timeout=deadline,
    )


def _terms(library: Library, asked: Record, deadline: Deadline) -> Any:
    return library.explore.terms(
        filters_of(asked),
        limit=asked["limit"],
        function_words=asked["all"],
        damping=not asked["loops"],
        timeout=deadline,
    )


def _keywords(library: Library, asked: Record, deadline: Deadline) -> Any:
    chosen = filters_of(asked)
    if not chosen:
        raise QueryProblem(_("show: choose a part to compare with the rest: a show, a title, a speaker or dates"))
    return library.explore.keywords(
        chosen, limit=asked["limit"], sort=asked["sort"], damping=not asked["loops"], timeout=deadline
    )


def _collocates(library: Library, asked: Record, deadline: Deadline) -> Any:
    return library.explore.collocates(
        asked["word"],
        filters_of(asked),
        limit=asked["limit"],
        sort=asked["sort"],
        function_words=asked["all"],
        damping=not asked["loops"],
        timeout=deadline,
    )


EXPLORATIONS: Iterable[Endpoint] = (
    Endpoint(
        name="concordance",
        title=N_("Every match in its context"),
        description=N_(
            "Lists every match of a query with what is said before and after it. `total` counts all matches, `in` the "
            "episodes."
        ),
        arguments={
            "q": QUERY,
            "sort": choice(
                N_("As it was said, by the neighbours on one side, newest first, or by episode."),
                ("time", "left", "right", "date", "episode"),
                "time",
            ),
            "context": integer(N_("Characters on each side."), 0, 200, 40),
            "tolerant": switch(N_("Matches by sound, spelling, number or alias, too.")),
            "limit": integer(N_("Lines at most."), 1, MOST, MOST),
            **FILTERS,
            **_DAMPING,
        },
        required=("q",),
        find=_concordance,
        record=listed(
            "lines",
            "concordance",
            **{
                "total": lambda found: found.total,
                "in": lambda found: found.episodes,
                "damped": lambda found: found.damped,
            },
        ),
        rows="lines",
        kind="concordance",
        slow=True,
    ),
    Endpoint(
        name="trend",
        title=N_("How often, over time"),
        description=N_("Tells how often words are said, in an hour of speech and in a million characters."),
        arguments={
            "words": _WORDS,
            "by": choice(
                N_("What is compared; without it months, or years if no months are known, else episodes."),
                ("month", "year", "episode", "show", "speaker"),
            ),
            **FILTERS,
            **_DAMPING,
        },
        required=("words",),
        find=_trend,
        record=listed(
            "rates",
            "trend",
            by=lambda found: found.by,
            damped=lambda found: found.damped,
            undated=lambda found: found.undated,
            unnamed=lambda found: found.unnamed,
        ),
        rows="rates",
        kind="trend",
        slow=True,
    ),
    Endpoint(
        name="dispersion",
        title=N_("Where in each episode"),
        description=N_(
            "Tells where in each episode words are said, and how evenly (DP: 0 is even, 1 is all in one place)."
        ),
        arguments={"words": _WORDS, "limit": LIMIT, **FILTERS, **_DAMPING},
        required=("words",),
        find=_dispersion,
        record=listed("strips", "dispersion"),
        rows="strips",
        kind="dispersion",
        slow=True,
    ),
    Endpoint(
        name="terms",
        title=N_("Frequent words"),
        description=N_("Lists the frequent words."),
        arguments={
            "all": switch(N_("Function words, numbers and single letters, too.")),
            "limit": LIMIT,
            **FILTERS,
            **_DAMPING,
        },
        required=(),
        find=_terms,
        record=listed("terms", "terms", words=lambda found: found.words, damped=lambda found: found.damped),
        rows="terms",
        kind="terms",
        slow=True,
    ),
    Endpoint(
        name="keywords",
        title=N_("Typical words"),
        description=N_(
            "Lists the words that are typical of a part, compared with the rest; a filter chooses the part."
        ),
        arguments={
            "sort": choice(N_("What first."), ("g2", "ratio", "count"), "g2"),
            "limit": LIMIT,
            **FILTERS,
            **_DAMPING,
        },
        required=(),
        find=_keywords,
        record=listed(
            "keywords", "keywords", words=lambda found: found.words, other_words=lambda found: found.other_words
        ),
        rows="keywords",
        kind="keywords",
        slow=True,
    ),
    Endpoint(
        name="collocates",
        title=N_("What stands near a word"),
        description=N_("Lists the words that stand near a text, five words to each side, more often than elsewhere."),
        arguments={
            "word": text(N_("A word, or any text, which is looked for exactly.")),
            "sort": choice(N_("What first."), ("dice", "g2", "count"), "dice"),
            "all": switch(N_("Function words, numbers and single letters, too.")),
            "limit": LIMIT,
            **FILTERS,
            **_DAMPING,
        },
        required=("word",),
        find=_collocates,
        record=listed("collocates", "collocates", places=lambda found: found.places),
        rows="collocates",
        kind="collocates",
        slow=True,
    ),
)
