"""Which module may import which: arrows run one way, and nothing runs in circles."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from support.library import ROOT
from support.source.sources import source_files, tree_of

Imports = dict[str, set[str]]

SHARED = ("indexer.core", "indexer.store")
"""What both sides share: all that the searching side may import of the indexing side."""
FRONT = "search.frontends"


def _modules() -> dict[str, Path]:
    """Dotted name -> file, of every module of the program."""
    names = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in source_files()}
    return {name.removesuffix(".__init__"): path for path, name in names.items()}


MODULES = _modules()


def _imported(tree: ast.AST) -> Iterator[str]:
    """The dotted names a module imports, at its top or later, of ours and of others."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module


@pytest.fixture(scope="module")
def imports() -> Imports:
    """Module -> what it imports."""
    return {name: set(_imported(tree_of(path))) for name, path in MODULES.items()}


def below(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def found(imports: Imports, who: tuple[str, ...], what: tuple[str, ...], but: tuple[str, ...] = ()) -> list[str]:
    """`a -> b` for each import of something in `what` and not in `but`, by a module in `who`."""
    return sorted(
        f"{name} -> {target}"
        for name, targets in imports.items()
        if below(name, *who)
        for target in targets
        if below(target, *what) and not below(target, *but)
    )


def test_nothing_of_the_indexer_imports_the_search_or_the_command_line(imports: Imports) -> None:
    assert found(imports, ("indexer",), ("search", "cli", "podseek")) == []


def test_the_core_imports_nothing_above_it(imports: Imports) -> None:
    assert found(imports, ("indexer.core",), ("indexer",), but=("indexer.core",)) == []


def test_the_store_imports_only_the_core(imports: Imports) -> None:
    assert found(imports, ("indexer.store",), ("indexer",), but=SHARED) == []


def test_the_search_imports_only_what_is_shared(imports: Imports) -> None:
    behind = {name: targets for name, targets in imports.items() if not below(name, FRONT)}
    assert found(behind, ("search",), ("indexer",), but=SHARED) == []


def engines() -> list[str]:
    """The folders in search/backends; the files beside them are the protocols."""
    inner = (name.split(".") for name in MODULES if below(name, "search.backends"))
    folders = {".".join(parts[:3]) for parts in inner if len(parts) > 3}
    assert "search.backends.embedded" in folders
    return sorted(folders)


def test_one_module_opens_an_engine_and_the_rest_know_only_the_protocols(imports: Imports) -> None:
    for engine in engines():
        outside = {name: targets for name, targets in imports.items() if not below(name, engine)}
        arrows = found(outside, ("search", "cli", "podseek", "indexer"), (engine,))
        assert {arrow.partition(" ")[0] for arrow in arrows} == {"search.library"}
        assert found(imports, (engine,), ("search",), but=("search.backends",)) == []


def test_a_protocol_imports_no_engine(imports: Imports) -> None:
    protocols = {name for name in MODULES if below(name, "search.backends") and not below(name, *engines())}
    assert {target for name in protocols for target in imports[name] if below(target, "search")} <= protocols


def test_only_front_ends_and_the_command_line_import_front_ends(imports: Imports) -> None:
    behind = {name: targets for name, targets in imports.items() if not below(name, FRONT, "cli")}
    assert found(behind, ("search", "indexer", "podseek"), (FRONT,)) == []


def test_only_the_store_knows_whoosh(imports: Imports) -> None:
    outside = {name: targets for name, targets in imports.items() if not below(name, "indexer.store")}
    assert found(outside, ("indexer", "search", "cli", "podseek"), ("whoosh",)) == []


def test_only_fetching_embedding_and_serving_know_the_network(imports: Imports) -> None:
    knows = {name for name, targets in imports.items() if targets & {"socket", "ssl", "http.client"}}
    assert knows == {
        "indexer.core.embedding.server",
        "indexer.metadata.feeds.connections",
        "indexer.metadata.feeds.http_client",
        "indexer.store.cluster.transport.connection",
        "search.frontends.web.sockets",
    }


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """The groups of nodes that reach one another (Tarjan 1972), each sorted."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(node: str) -> None:
        number[node] = low[node] = len(number)
        stack.append(node)
        for target in graph.get(node, ()):
            if target not in number:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in stack:
                low[node] = min(low[node], number[target])
        if low[node] == number[node]:
            at = stack.index(node)
            groups.append(sorted(stack[at:]))
            del stack[at:]

    for node in graph:
        if node not in number:
            visit(node)
    return [group for group in groups if len(group) > 1]


def test_no_files_import_each_other_in_a_circle(imports: Imports) -> None:
    assert circles({name: targets & MODULES.keys() for name, targets in imports.items()}) == []


def _room(name: str) -> str:
    """The room of a module: its top level folder, or itself where it stands in none; a package's own names are a
    room that everything may offer through."""
    parts = name.split(".")
    return name if len(parts) < 2 else ".".join(parts[:2])


def test_no_folders_import_each_other_in_a_circle(imports: Imports) -> None:
    rooms: Imports = defaultdict(set)
    for name, targets in imports.items():
        rooms[_room(name)] |= {_room(target) for target in targets & MODULES.keys()} - {_room(name)}
    assert circles(rooms) == []


@pytest.mark.parametrize("top", ["indexer", "search"])
def test_a_top_level_has_at_most_fifteen_rooms(top: str) -> None:
    assert len({_room(name) for name in MODULES if below(name, top)} - {top}) <= 15


def test_no_two_classes_have_one_name() -> None:
    homes: dict[str, set[str]] = defaultdict(set)
    for name, path in MODULES.items():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].add(name)
    assert {name: modules for name, modules in homes.items() if len(modules) > 1} == {}
