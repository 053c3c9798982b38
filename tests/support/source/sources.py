"""The source of the program as syntax trees, each parsed once for all tests that read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from support.library import ROOT


@cache
def source_files() -> tuple[Path, ...]:
    """Every module of the program."""
    return (
        *(path for name in ("indexer", "search", "podseek") for path in ROOT.glob(f"{name}/**/*.py")),
        ROOT / "cli.py",
    )


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a module. Read it, never change it."""
    return ast.parse(path.read_text("utf-8"))


def files_with(text: str) -> list[Path]:
    """The modules in which a text occurs."""
    return [path for path in source_files() if text in path.read_text("utf-8")]


def trees_with(text: str) -> Iterator[tuple[Path, ast.Module]]:
    """The modules in which a text occurs, with their trees."""
    return ((path, tree_of(path)) for path in files_with(text))
