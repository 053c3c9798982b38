"""Whether what is said from a cue on is how people open a chapter, by what the model of the vectors makes of it: a
turn to something else, a new question, a summary. `chapter_evidence` sees such turns only in words that it knows.

Only the likeliest cues are asked about, since each takes the model some 35 ms.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from math import fsum
from operator import mul
from statistics import fmean
from typing import TYPE_CHECKING

from search.exploration.chapters.opening_weights import WEIGHTS
from search.query.deadline import Deadline, made_in_time
from search.retrieval.meaning.directions import unit
from search.retrieval.windows import is_apart

if TYPE_CHECKING:
    from indexer.core.embedding.embedder import Embedder
    from search.exploration.chapters.utterances import Utterances
    from search.retrieval.meaning.space import Space

MOST, APART, EDGE = 150, 8.0, 30.0
"""Cues that are asked about, the seconds between two of them at least, and those left out at both ends."""
CHARACTERS = 60
"""Characters from a cue on that the model gets."""
PART = 0.7
"""Of the time that is left, the most that the model may take: chapters are found without it, too."""
_TRIED = 12
"""Texts after which it is known how long all take. The first one loads the model."""
_REMEMBERED = 1 << 12
"""Texts whose weight is kept: who asks for the chapters of an episode asks again with another number."""
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_SHARE = 0.5
"""Chinese characters among those asked about, from which on an episode is in Chinese."""


def model_of(space: Space) -> Embedder | None:
    """The model that the weights are for, if it gave an index its vectors and is there; else None."""
    from indexer.core.embedding.bundled import NAME
    from indexer.core.embedding.choice import chosen_embedder
    from indexer.core.errors import PodseekProblem

    if not space.listed.model.startswith(NAME):
        return None
    try:
        embedder = chosen_embedder()
    except PodseekProblem:
        return None
    return embedder if embedder.name == space.listed.model else None


def openings(
    odds: Sequence[float],
    said: Utterances,
    damped: Sequence[bool],
    duration: float,
    model: Embedder,
    deadline: Deadline | None = None,
) -> list[float]:
    """Returns what is added to the log-odds of each utterance, 0 where nothing is known. Only episodes in Chinese are
    asked about, and all or none of the cues: none if that takes more than PART of the time left."""
    starts = [start / 1000 for start in said.times.starts]
    likely = _likeliest(odds, said.times.starts, damped, round(1000 * duration))
    texts = [_text(said.texts, cue) for cue in likely]
    if not likely or not _is_chinese("".join(texts)):
        return [0.0] * len(odds)
    worth = made_in_time(_worths(texts, model, deadline or Deadline()))
    if len(worth) < len(texts):
        return [0.0] * len(odds)
    mean = fmean(worth)
    return list(_nearest(starts, [starts[cue] for cue in likely], [value - mean for value in worth]))


def _worths(texts: Sequence[str], model: Embedder, deadline: Deadline) -> Iterator[float]:
    """Yields how much each text is an opening, up to PART of the time left; fewer if all would take longer. Raises
    OutOfTime."""
    for_the_rest = (1 - PART) * deadline.left()
    begun = 0.0
    for asked, text in enumerate(texts, 1):
        yield _worth((model, text))
        left = deadline.left() - for_the_rest
        if asked == 1:
            begun = left
        is_slow = asked == _TRIED and (begun - left) / (asked - 1) * (len(texts) - asked) > left
        if left < 0 or is_slow:
            return


@lru_cache(_REMEMBERED)
def _worth(asked: tuple[Embedder, str]) -> float:
    """How much a text is an opening, in nats."""
    model, text = asked
    return fsum(map(mul, WEIGHTS, unit(model.question(text))))


def _likeliest(odds: Sequence[float], starts: Sequence[int], damped: Sequence[bool], end: int) -> list[int]:
    """The likeliest cues, in order of time; times are in milliseconds."""
    edge, apart = round(1000 * EDGE), round(1000 * APART)
    allowed = (cue for cue, start in enumerate(starts) if starts[0] + edge <= start <= end - edge and not damped[cue])
    taken: list[int] = []
    kept = (cue for cue in sorted(allowed, key=lambda cue: -odds[cue]) if is_apart(taken, starts[cue], apart))
    return sorted(islice(kept, MOST), key=starts.__getitem__)


def _text(texts: Sequence[str], cue: int) -> str:
    """What is said from a cue on."""
    said = ""
    for text in texts[cue : cue + CHARACTERS]:
        said += re.sub(r"\s+", " ", text) + " "
        if len(said) >= CHARACTERS:
            break
    return said[:CHARACTERS].strip()


def _is_chinese(text: str) -> bool:
    return len(_CHINESE.findall(text)) >= _SHARE * max(1, len(text))


def _nearest(starts: Sequence[float], known: Sequence[float], values: Sequence[float]) -> Iterator[float]:
    """For each start the value of the nearest known one, if it is less than APART away; else 0."""
    for start in starts:
        place = bisect_left(known, start)
        near = min(range(max(0, place - 1), min(len(known), place + 1)), key=lambda at: abs(known[at] - start))
        yield values[near] if abs(known[near] - start) < APART else 0.0
