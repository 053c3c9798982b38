"""Words that mark a question and carry little of its content."""

from __future__ import annotations

import re
from collections.abc import Sequence

_CHINESE = (
    "什么 什么样 为什么 为何 怎么 怎样 怎么样 怎么办 如何 哪 哪些 哪里 哪个 谁 几 多少 是不是 有没有 能不能 吗 呢"
)
_ENGLISH = "what why how which who when where"
QUESTION_WORDS = frozenset(f"{_CHINESE} {_ENGLISH}".split())
"""Folded."""
_ASKING = re.compile(
    f"[在是有叫的要该能会]?(?:{'|'.join(sorted(QUESTION_WORDS, key=len, reverse=True))})+[是有做的了呢吗啊呀]?"
)


def is_question(text: str) -> bool:
    """True for folded text that only asks, and says nothing of what about.

    >>> is_question("在哪里"), is_question("是什么"), is_question("哪里人"), is_question("几乎")
    (True, True, False, False)
    """
    return _ASKING.fullmatch(text) is not None


def asks(words: Sequence[str]) -> bool:
    """Whether a question word is among the words of a text."""
    return not QUESTION_WORDS.isdisjoint(words)


def share_of_whole(whole: float, parts: Sequence[float]) -> float:
    """The share of its information that text of several words counts with beside others, if it asks: no more than its
    words do, because a chance run of common words may be rarer than the subject of the question. `whole` is the
    information of the text, `parts` that of each word.

    >>> share_of_whole(8.0, [3.0, 1.0])
    0.5
    """
    return min(1.0, sum(parts) / whole)
