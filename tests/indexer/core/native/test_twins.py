"""Each function of the compiled part has a twin in Python: in the file beside its own, by the same name."""

from __future__ import annotations

import ast
import re

from support.library import ROOT

from indexer.core.native import pure

NATIVE = ROOT / "indexer" / "core" / "native"
HELPERS = {"windows.asked"}
"""Files in C without a function of the module."""

Functions = dict[str, set[str]]


def of_c() -> Functions:
    """File -> the functions of the module that it has in C."""
    found = {}
    for path in NATIVE.glob("*/*.c"):
        names = set(re.findall(r"^PyObject \*native_(\w+)\(", path.read_text("utf-8"), re.MULTILINE))
        found[f"{path.parent.name}.{path.stem}"] = names
    return found


def typed() -> Functions:
    """File -> the functions of which type checkers know."""
    found: Functions = {}
    for node in ast.walk(ast.parse((NATIVE / "pure.py").read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("indexer.core.native."):
            file = (node.module or "").removeprefix("indexer.core.native.")
            found.setdefault(file, set()).update(alias.name for alias in node.names)
    return found


def test_the_lists_of_the_functions_are_the_same() -> None:
    listed = {file: set(names) for file, names in vars(pure)["FILES"].items()}
    assert listed == typed() == {file: names for file, names in of_c().items() if file not in HELPERS}


def test_the_module_names_the_functions_that_there_are() -> None:
    module = (NATIVE / "module.c").read_text("utf-8")
    named = {*re.findall(r"FUNCTION\((\w+)\)", module), *re.findall(r'\{"(\w+)", native_', module)} - {"NAME"}
    assert named == set().union(*of_c().values())


def test_a_twin_is_imported_with_the_first_of_its_functions() -> None:
    for file, names in vars(pure)["FILES"].items():
        for name in names:
            assert getattr(pure, name).__module__ == f"indexer.core.native.{file}"
