"""Caches: one helper for those of objects, and named methods before them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from support.source.sources import trees_with

from indexer.core.memory.caches import cached


def test_the_last_results_are_kept_and_no_more() -> None:
    asked: list[int] = []

    def find(number: int) -> int:
        asked.append(number)
        return -number

    square = cached(find, 2)
    assert [square(n) for n in (1, 2, 1, 3, 1, 2)] == [-1, -2, -1, -3, -1, -2]
    assert asked == [1, 2, 3, 2]


def test_threads_share_the_results() -> None:
    lists = cached(lambda number: tuple(range(number)), 64)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: lists(n % 50), range(2000)))
    assert found == [tuple(range(n % 50)) for n in range(2000)]


def caches_made(tree: ast.AST) -> Iterator[int]:
    """The lines where `lru_cache` is used otherwise than to decorate a function."""
    decorators = {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for decorator in function.decorator_list
        for node in ast.walk(decorator)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "lru_cache" and node not in decorators:
            yield node.lineno


def test_a_cache_is_a_decorated_function_or_made_by_the_helper() -> None:
    made = [f"{path.name}:{line}" for path, tree in trees_with("lru_cache") for line in caches_made(tree)]
    assert [place.partition(":")[0] for place in made] == ["caches.py"]


def test_no_public_attribute_is_a_cache() -> None:
    shown = [
        f"{path}:{node.lineno}"
        for path, tree in trees_with("cached(")
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "cached"
        and any(isinstance(target, ast.Attribute) and not target.attr.startswith("_") for target in node.targets)
    ]
    assert shown == []
