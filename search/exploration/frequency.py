"""The frequent words or n-grams of a part."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from heapq import nlargest, nsmallest

from search.exploration.counting.document_frequency import episode_counts
from search.exploration.counting.grams import Gram, learn
from search.exploration.counting.subcorpus import Part
from search.exploration.counting.words import Runs, Words
from search.exploration.counting.written_forms import written_forms
from search.exploration.listing import Listing
from search.query.deadline import Deadline

Sizes = tuple[int, int]
"""The minimum and maximum number of words in an n-gram."""

_SAMPLED = 8
"""One run in this many is sampled for a lower bound of the top counts."""


@dataclass(frozen=True, slots=True)
class TermCount:
    """A word or n-gram (words joined by spaces): its occurrences, its rate per million words, its document frequency,
    and the term as it is most often `written`."""

    term: str
    count: int
    per_million: float
    episodes: int
    written: str


def frequent(
    words: Words,
    part: Part,
    *,
    sizes: Sizes = (1, 1),
    limit: int | None = 20,
    least: int = 1,
    function_words: bool = False,
    deadline: Deadline | None = None,
) -> Listing[TermCount]:
    """Returns the most frequent terms with at least `least` occurrences; without `function_words`, none that contains
    one, a number, or a single letter. No n-gram crosses a sentence boundary."""
    deadline = deadline or Deadline()
    runs, size = words.runs(part, sizes[1] > 1, deadline), words.size(part.kept)
    left_out = frozenset() if function_words else words.empty
    top = _top(runs, sizes, limit, least, left_out, words.counts(part), deadline)
    having = episode_counts(words, part, (gram for gram, _ in top), deadline)
    written = written_forms(words, part, (gram for gram, _ in top), deadline)
    rows = [
        TermCount(words.text(gram), count, per_million(count, size), having[gram], written(gram)) for gram, count in top
    ]
    return Listing(rows, size, words.size(part.damped))


def _top(
    runs: Runs,
    sizes: Sizes,
    limit: int | None,
    least: int,
    left_out: Container[int],
    counts: Mapping[int, int] | None = None,
    deadline: Deadline | None = None,
) -> list[tuple[Gram, int]]:
    """The most frequent grams with their counts; `counts` are those of single words, if known. The last count of a
    sample's top list bounds the top counts from below, so rarer grams are not extended; so does that of the top words,
    where words are listed."""
    if limit is not None and sizes[1] > 1 and len(runs) >= _SAMPLED:
        sample = _top(runs[::_SAMPLED], sizes, limit, least, left_out, deadline=deadline)
        least = sample[-1][1] if len(sample) == limit else least
    shortest, longest = sizes
    if limit and shortest == 1 and counts is not None:
        listed = nlargest(limit, (n for word, n in counts.items() if word and word not in left_out))
        least = max(least, listed[-1]) if len(listed) == limit else least
    learnt = learn(runs, longest, least, lambda word: word not in left_out, counts, deadline)
    found = (one for size in learnt if size.words >= shortest for one in size.grams())
    order: Callable[[tuple[Gram, int]], tuple[int, Gram]] = lambda one: (-one[1], one[0])  # noqa: E731
    return sorted(found, key=order) if limit is None else nsmallest(limit, found, order)


def per_million(count: int, size: int) -> float:
    """Occurrences per million words."""
    return count * 1e6 / size
