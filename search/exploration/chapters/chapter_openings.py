"""Whether what is said from an utterance on is how people open a chapter in Chinese: a linear model of the runs of
characters at its beginning, in the next sentences and right before it (首先, 我们来聊, 刚才提到; against 因为, 就, 他).
`chapter_evidence` sees such turns only in words that somebody thought of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

from search.exploration.chapters.opening_runs import RUNS, UNIT

EVIDENCE = 0.7
"""The weight of the other evidence beside openings: both count some of the same words."""
HEAD, OPENING, BEFORE = 16, 86, 10
"""Characters of the beginning of an utterance, of what is said from it on, and of what is said right before it."""
_LONGEST = 4
"""Characters of a run at most."""
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_SHARE = 0.5
"""Chinese characters of an episode from which on it is in Chinese."""
_PUNCTUATION = re.compile(r"[\s,，。.!！、:：;；\"“”《》()（）\-—…·~]+")
"""Punctuation, which is written | in a run; the question mark stays, for questions open chapters."""


def _table(listed: str) -> dict[str, float]:
    pairs = (entry.rpartition(":") for entry in listed.split())
    return {run: UNIT * int(weight) for run, _, weight in pairs}


_WEIGHTS: Mapping[str, Mapping[str, float]] = {place: _table(listed) for place, listed in RUNS.items()}


def openings(texts: Sequence[str]) -> list[float] | None:
    """Returns for each utterance of an episode how many nats more than on average its being an opening adds to the
    log-odds of a border; None if the episode is not in Chinese. `texts` are folded."""
    if not _is_chinese(texts):
        return None
    worth = [
        sum(weights.get(run, 0.0) for place, weights in _WEIGHTS.items() for run in runs[place])
        for runs in (heard(texts, at) for at in range(len(texts)))
    ]
    mean = fmean(worth)
    return [value - mean for value in worth]


def heard(texts: Sequence[str], at: int) -> dict[str, set[str]]:
    """The runs of characters of an utterance by place: the "first" ones, those in its "head", in the "opening" from it
    on, the "last" ones of what is said before, and those just "before"."""
    following = _normal(_joined(texts, range(at, len(texts)), OPENING))[:OPENING]
    earlier = _normal(_joined(texts, range(at - 1, -1, -1), BEFORE + 6))[-BEFORE:]
    sizes = range(1, _LONGEST + 1)
    return {
        "first": {following[:size] for size in sizes},
        "head": set(_runs(following[:HEAD])),
        "opening": set(_runs(following)),
        "last": {earlier[-size:] for size in sizes},
        "before": set(_runs(earlier)),
    }


def _joined(texts: Sequence[str], order: range, least: int) -> str:
    """The first texts in this order that have `least` characters together, a space after each."""
    taken: list[str] = []
    size = 0
    for at in order:
        taken.append(texts[at])
        size += len(texts[at]) + 1
        if size >= least:
            break
    return "".join(f"{text} " for text in (taken if order.step > 0 else reversed(taken)))


def _normal(text: str) -> str:
    return _PUNCTUATION.sub("|", text)


def _runs(text: str) -> Iterator[str]:
    for size in range(1, _LONGEST + 1):
        for begin in range(len(text) - size + 1):
            yield text[begin : begin + size]


def _is_chinese(texts: Sequence[str]) -> bool:
    text = "".join(texts)
    return bool(text) and len(_CHINESE.findall(text)) >= _SHARE * len(text)
