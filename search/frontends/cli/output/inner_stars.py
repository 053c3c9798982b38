"""What a query such as 电*池 means, and what may have been meant: a star stands only at an end of a word."""

from __future__ import annotations

import re

from indexer.core.errors import QueryProblem
from indexer.core.messages import _
from search.frontends.cli.arguments.mistakes import for_shell
from search.query.parse import parse
from search.query.syntax import Word, nodes

_INNER = re.compile(r"([^\W\d_]+)\*+([^\W\d_]+)")
_BETWEEN = ".{0,5}"
"""In place of the star: what a word may have inside."""


def inner_star(query: str, options: str = "") -> str:
    """A hint for the first word of a query that has a star between letters; empty if none has. `options` are those of
    the command that it proposes, with a space behind."""
    try:
        words = [node.text for node in nodes(parse(query)) if isinstance(node, Word)]
    except QueryProblem:
        return ""
    found = next((star for word in words if (star := _INNER.search(word))), None)
    if found is None:
        return ""
    hint = _("{word}: a star inside a word is none; `podseek search {regex}` finds {left} with {right} soon after it")
    regex = f"/{found[1]}{_BETWEEN}{found[2]}/"
    return hint.format(word=found[0], left=found[1], right=found[2], regex=f"{options}{for_shell(regex)}")
