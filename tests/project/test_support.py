"""What tests share: a plugin that one test file names serves all of them, so fixtures must not replace each other."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

SUPPORT = Path(__file__).parents[1] / "support"


def test_fixtures_of_the_same_name_do_the_same() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(SUPPORT.rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and any("fixture" in ast.unparse(one) for one in node.decorator_list):
                found[node.name].add(ast.unparse(node))
    assert "tools" in found
    assert {name for name, bodies in found.items() if len(bodies) > 1} == set()
