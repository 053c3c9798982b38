"""Running text as a query: which queries are, their words, and how much of them is said in order."""

from __future__ import annotations

from collections import Counter

from search.query.syntax import Bag, Mode, Node, Word

_CHINESE = (
    "什么 什么样 为什么 为何 怎么 怎样 怎么样 怎么办 如何 哪 哪些 哪里 哪个 谁 几 多少 是不是 有没有 能不能 吗 呢"
)
_ENGLISH = "what why how which who when where"
QUESTION_WORDS = frozenset(f"{_CHINESE} {_ENGLISH}".split())
"""Words, folded, that mark a question but carry little of its content."""


def is_running_text(tree: Node) -> bool:
    """Returns True if the query has only words without operators. Only for queries whose plan has no need."""
    items = tree.items if isinstance(tree, Bag) else (tree,)
    return not any(isinstance(item, Word) and (item.mode is not Mode.DEFAULT or item.is_open) for item in items)


def running_text(tree: Node) -> str:
    """Returns the words of running text, without filters."""
    items = tree.items if isinstance(tree, Bag) else (tree,)
    return " ".join(item.text for item in items if isinstance(item, Word))


def in_order_pairs(text: str, said: str) -> int:
    """Returns the maximum number of bigrams of `text` that occur in `said` at the same offset, give or take one
    character."""
    votes: Counter[int] = Counter()
    for at in range(len(text) - 1):
        place = said.find(text[at : at + 2])
        while place >= 0:
            votes[place - at] += 1
            place = said.find(text[at : at + 2], place + 1)
    return max((votes[at - 1] + votes[at] + votes[at + 1] for at in list(votes)), default=0)
