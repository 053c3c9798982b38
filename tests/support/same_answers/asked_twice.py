"""Questions that can be asked of an index in a folder and of one in a cluster, and what each answers: to compare."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias

from indexer.core.errors import IndexProblem, QueryProblem
from search.api import Margin, Moment, SearchRequest
from search.backends.snapshot import Snapshot
from search.exploration.explorer import Explorer
from search.library import Library
from search.query.deadline import Deadline
from search.results.episodes import cue_lines
from search.retrieval.remote.open_searcher import OpenSearcher
from support.same_answers.odd_worlds import Pool
from support.same_answers.queries import Asker


class Question(NamedTuple):
    """What is asked, and about what."""

    kind: str
    request: SearchRequest


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, and what is incomplete about it; the moments, if it shows some."""

    value: object
    incomplete: str | None = None
    moments: tuple[Moment, ...] = field(default=(), compare=False, repr=False)


Ask: TypeAlias = Callable[[OpenSearcher, SearchRequest], Answer]


def shown(moments: Iterable[Moment]) -> list[object]:
    return [(one.episode.id, one.start, round(one.score, 9), one.matches, one.cues, one.chapter) for one in moments]


def _searched(searcher: OpenSearcher, request: SearchRequest) -> Answer:
    found = searcher.search(request)
    return Answer(shown(found), found.incomplete, tuple(found))


def _total(searcher: OpenSearcher, request: SearchRequest) -> Answer:
    return Answer(searcher.search(request).total)


def _each(searcher: OpenSearcher, request: SearchRequest) -> Answer:
    moments = tuple(searcher.each(request)[1])
    return Answer(shown(moments), None, moments)


def _tally(searcher: OpenSearcher, request: SearchRequest) -> Answer:
    plan = searcher.expanded(request._replace(timeout=None), Deadline())
    return Answer(searcher.tally(plan, request))


def _plan(searcher: OpenSearcher, request: SearchRequest) -> Answer:
    plan = searcher.expanded(request, _deadline(request))
    return Answer([(term.label, round(term.weight, 9), term.alternatives, term.stands_for) for term in plan.terms])


def _resolved(searcher: OpenSearcher, request: SearchRequest) -> Answer:
    plan = searcher.expanded(request._replace(timeout=None), Deadline())
    return Answer([(term.label, term.count, term.episodes) for term in searcher.resolved(plan).terms])


def _loosely(searcher: OpenSearcher, request: SearchRequest) -> Answer:
    return Answer(searcher.loosely(request.query))


def _twins(searcher: OpenSearcher, request: SearchRequest) -> Answer:
    twins = searcher.twins(tuple(searcher.search(request._replace(timeout=None))))
    return Answer({rank: shown(several) for rank, several in twins.items()})


def _explored(ask: Callable[[Explorer, str, Deadline], Sequence[object]]) -> Ask:
    def asked(searcher: OpenSearcher, request: SearchRequest) -> Answer:
        found = ask(Explorer(searcher.snapshot), request.query, _deadline(request))
        totals = {name: value for name, value in vars(found).items() if not name.startswith("_")}
        return Answer((list(found), totals))

    return asked


def _deadline(request: SearchRequest) -> Deadline:
    assert isinstance(request.timeout, Deadline)
    return request.timeout


SEARCHES: Mapping[str, Ask] = {
    "search": _searched,
    "total": _total,
    "each": _each,
    "count": lambda searcher, request: Answer(searcher.count(request)),
    "count by speaker": lambda searcher, request: Answer(searcher.count(request, True)),
    "tally": _tally,
    "plan": _plan,
    "resolved": _resolved,
    "variants": lambda searcher, request: Answer(searcher.variants(request.query, _deadline(request))),
    "loosely": _loosely,
    "twins": _twins,
}
EXPLORATIONS: Mapping[str, Ask] = {
    "concordance": _explored(lambda one, text, deadline: one.concordance(text, tolerant=True, timeout=deadline)),
    "trend": _explored(lambda one, text, deadline: one.trend(text, timeout=deadline)),
    "dispersion": _explored(lambda one, text, deadline: one.dispersion(text, timeout=deadline)),
    "terms": _explored(lambda one, _text, deadline: one.terms(timeout=deadline)),
    "new words": _explored(lambda one, _text, deadline: one.new_words(timeout=deadline)),
    "collocates": _explored(lambda one, text, deadline: one.collocates(text, least=1, timeout=deadline)),
}
KINDS = {**SEARCHES, **EXPLORATIONS}
UNTOLD = {"total", "resolved", "twins", "loosely"}
"""What has a time limit of its own, and does not tell that it is over."""
OF_A_WORD = {"variants", "trend", "dispersion", "collocates"}
"""What is asked of a text, not of a query."""


def answer(searcher: OpenSearcher, question: Question, deadline: Deadline | None = None) -> Answer:
    """What a searcher answers until the deadline; a problem that is told in one line is an answer, too."""
    deadline = deadline or Deadline()
    try:
        found = KINDS[question.kind](searcher, question.request._replace(timeout=deadline))
    except QueryProblem as problem:
        return Answer(f"refused: {problem}")
    except IndexProblem as problem:
        if question.kind not in EXPLORATIONS:  # which need all episodes
            raise
        return Answer(None, str(problem))
    return replace(found, incomplete=found.incomplete or deadline.reason)


REGEXES = (".", ".", r"\w", r"\W", r"\d", r"\s", r"\S", "[a-z]", "[，。 ]", "[一-三]", "[一-龥]", "[^一-龥]")
REPEATED = ("", "", "?", "*", "+", "{0,2}", "{2}")


class Questioner:
    """Makes random questions of what an index holds, of which the share `pasted` is running text."""

    def __init__(self, library: Library, pool: Pool, chance: random.Random, pasted: float) -> None:
        self._chance = chance
        self._pasted_share = pasted
        self._pool = pool
        self._asker = Asker(library, chance)

    def question(self) -> Question:
        chance = self._chance
        kind = chance.choice((*["search"] * 40, *SEARCHES, *SEARCHES, *EXPLORATIONS))
        request = SearchRequest(
            self._word() if kind in OF_A_WORD else self._query(),
            limit=None if kind in ("each", "tally") else chance.choice((1, 2, 3, 5, 10, 10, 30, 100, None)),
            context=chance.choice((Margin(), Margin(), Margin(0.0), Margin(2, cues=True), Margin(40.0))),
            sort=chance.choice(("score", "score", "score", "date", "time")),
            exact=chance.random() < 0.15,
            damping=chance.random() < 0.85,
            offset=chance.choice((0, 0, 0, 0, 1, 4)),
        )
        return Question(kind, request)

    def _word(self) -> str:
        return self._chance.choice((*self._pool.words, self._asker.run()))

    def _query(self) -> str:
        chance, words = self._chance, self._pool.words
        if chance.random() < self._pasted_share:
            return self._pasted()
        if chance.random() < 0.3:
            return self._asker.query()
        several = [self._marked(chance.choice(words)) for _ in range(chance.choice((1, 1, 2, 2, 3, 4, 6)))]
        made = several[0]
        for word in several[1:]:
            made += chance.choice((" ", " ", " ", " ", " OR ", " AND ", " NEAR/5s ", " NEAR ", " -")) + word
        if chance.random() < 0.1:
            made = f"{made} {self._asker.filter()}"
        return made if chance.random() < 0.9 else f'"{self._pool.text(4)}" {made}'

    def _pasted(self) -> str:
        """Running text, some of it misheard, and seldom more beside it."""
        chance, words = self._chance, self._pool.words
        made = self._pool.running(chance.randint(4, 9))
        return made + chance.choice((*[""] * 7, f" {chance.choice(words)}", f" -{chance.choice(words)}", " title:1"))

    def _marked(self, word: str) -> str:
        chance, words = self._chance, self._pool.words
        kind = chance.randrange(17)
        if kind == 16:
            return self._regex(word)
        if kind == 0:
            return f"={word}"
        if kind == 1:
            return f"~{word}"
        if kind == 2:
            return f'"{word}{chance.choice(words)}"'
        if kind in (3, 6):
            return f"{word}{chance.choice(words)}"
        if kind == 7:
            return f"{chance.choice(chance.choice(words))}{word}"
        if kind in (4, 8, 9) and len(word) > 1:  # with an error
            at = chance.randrange(len(word))
            return word[:at] + chance.choice((chance.choice(chance.choice(words)), "")) + word[at + 1 :]
        if kind == 5:
            return f"{word[0]}*"
        return word

    def _regex(self, word: str) -> str:
        """A regular expression with some characters of a word."""
        chance = self._chance

        def letters(text: str) -> str:
            return "".join(filter(str.isalnum, text)) or "a"

        said, other = letters(word), letters(chance.choice(self._pool.words))
        made = said[: chance.randint(1, len(said))]
        for _ in range(chance.randint(1, 3)):
            made += chance.choice((*REGEXES, *REGEXES, f"[{other}]", f"[^{other}]", f"({said}|{other})"))
            made += chance.choice(REPEATED)
        return f"/{made}{chance.choice(('', letters(chance.choice(self._pool.words))[-1]))}/"


def said_in(snapshot: Snapshot) -> dict[str, dict[int, tuple[str, float, str]]]:
    """Text, start and speaker of the cues of each episode, by its id and their index."""
    said = {}
    for number in snapshot.episodes():
        cues = cue_lines(snapshot, number, range(len(snapshot.text(number)[0])))
        said[snapshot.episode(number).id] = {cue.index: (cue.text, cue.start, cue.speaker) for cue in cues}
    return said


def is_true(moment: Moment, said: Mapping[str, Mapping[int, tuple[str, float, str]]]) -> bool:
    """Whether the cues of a moment are what is said, and its matches are in it or are the title of a chapter."""
    cues = said.get(moment.episode.id)
    if cues is None:
        return False
    text = _letters("".join(one for one, _, _ in cues.values()))
    return (
        all(cues.get(one.index) == (one.text, one.start, one.speaker) for one in moment.cues)
        and all(_letters(one.text) in text for one in moment.matches if one.where != "chapter")
        and (bool(moment.matches) or moment.chapter is not None)
    )


def _letters(text: str) -> str:
    """A text without its signs, which are not shown between two cues."""
    return "".join(filter(str.isalnum, text))
