"""The messages in the source: those marked for the catalogue, and those that should be.

Marked are the literal arguments of `_`, `N_` and `ngettext`, and, without any mark, the help of commands and options:
`help=`, `metavar=`, the names of arguments, and the docstrings of commands.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = ROOT / "podseek/locale/zh_CN/LC_MESSAGES/podseek.po"
MARKS = {"_", "N_", "ngettext"}
HELP = {"help", "metavar", "short_help", "epilog"}
MAKERS = {"option", "argument", "command", "group"}
SHOWING = {"say", "complain", "detail", "echo", "print_lines", "secho", "confirm", "prompt"}
"""Functions whose arguments people read."""
RAISED = {"ClickException", "UsageError", "BadParameter", "BadOptionUsage", "BadArgumentUsage", "Complaint"}
"""Values whose texts people read, besides the subclasses of PodseekProblem."""
QUOTED = re.compile(r"`[^`]*`|(?<![\w-])--?[a-z][\w-]*|podseek")
SCOPES = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
OF_DEVELOPERS = re.compile(
    r"declar|Deprecat|deprecated|iterable|twice|same flag|Bash|UUID|color|standard stream|parameter|prog|unknown error"
)
"""What click says of its own use, not of that of a program."""
WORD = re.compile(r"[A-Za-z][a-z]+")


@dataclass(frozen=True)
class Marked:
    """A text for the catalogue, and the text for many if it has two forms."""

    text: str
    plural: str
    place: str


def sources() -> list[Path]:
    """The files of the program."""
    return [
        ROOT / "cli.py",
        *sorted(path for top in ("indexer", "podseek", "search") for path in (ROOT / top).rglob("*.py")),
    ]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def marked(paths: Iterable[Path], top: Path = ROOT) -> list[Marked]:
    """The marked texts, in the order of the source."""
    return [
        Marked(text, plural, path.relative_to(top).as_posix())
        for path in paths
        for text, plural in _texts(parsed(path))
    ]


def of_click() -> list[Marked]:
    """The texts of click that people read, and the metavars that it sets by itself."""
    folder = Path(click.__file__).parent
    texts = marked((path for path in sorted(folder.glob("*.py")) if path.name != "_winconsole.py"), folder.parent)
    texts = [one for one in texts if not OF_DEVELOPERS.search(one.text)]
    names = ("[OPTIONS]", "COMMAND [ARGS]...", "[COMMAND] [ARGS]...")
    return [*texts, *(Marked(name, "", "click/core.py") for name in names)]


def _texts(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in _in_order(tree):
        if isinstance(node, ast.Call):
            name = _name(node.func)
            if name in MARKS:
                literals = [_literal(argument) for argument in node.args]
                if name == "ngettext" and literals[0] and literals[1]:
                    yield literals[0], literals[1]
                elif name != "ngettext" and literals[0]:
                    yield literals[0], ""
            elif name in MAKERS:
                named = {keyword.arg for keyword in node.keywords}
                if name == "argument" and not named & {"metavar", "hidden"} and (text := _literal(node.args[0])):
                    yield text.upper(), ""
                for keyword in node.keywords:
                    if keyword.arg in HELP and (text := _literal(keyword.value)):
                        yield from ((paragraph, "") for paragraph in paragraphs(text))
        elif isinstance(node, ast.FunctionDef) and any(_makes_command(one) for one in node.decorator_list):
            yield from ((paragraph, "") for paragraph in paragraphs(ast.get_docstring(node, clean=False) or ""))


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _in_order(child)


def paragraphs(text: str) -> list[str]:
    """The parts of a help text that are translated each by itself."""
    return [paragraph for paragraph in inspect.cleandoc(text).split("\n\n") if paragraph.strip()]


def _makes_command(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and _name(decorator.func) in ("command", "group")


def _name(function: ast.expr) -> str:
    """`option` for `click.option`."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def problems_defined(paths: Iterable[Path]) -> set[str]:
    """The names of PodseekProblem and all classes derived from it."""
    classes = {
        node.name: {_name(base) for base in node.bases}
        for path in paths
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef)
    }
    found = {"PodseekProblem"}
    while more := {name for name, bases in classes.items() if bases & found} - found:
        found |= more
    return found


def unmarked(paths: Iterable[Path], problems: set[str]) -> list[str]:
    """Texts that people read and that are not marked, as `file:line: text`."""
    found = []
    for path in paths:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and _name(node.func) in SHOWING | RAISED | problems:
                values = [*node.args, *(keyword.value for keyword in node.keywords)]
                found += [_at(path, bare) for value in values for bare in _bare(value)]
    return found


def misused(paths: Iterable[Path]) -> list[str]:
    """Arguments of `_` that no extraction can read, help that is no literal, and names that hide `_`."""
    found = []
    for path in paths:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and _name(node.func) in MARKS:
                found += [_at(path, one) for one in node.args if isinstance(one, ast.JoinedStr | ast.BinOp)]
            elif isinstance(node, ast.Call) and _name(node.func) in MAKERS:
                values = (one.value for one in node.keywords if one.arg in HELP)
                found += [_at(path, value) for value in values if isinstance(value, ast.JoinedStr | ast.BinOp)]
            elif isinstance(node, SCOPES) and _hides(node):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}: a variable _ hides the function")
    return found


def _hides(scope: ast.AST) -> bool:
    """True if a function or comprehension has a variable `_` and calls `_`, too."""
    nodes = list(_of_scope(scope))
    bound = any(isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store) for node in nodes)
    bound = bound or any(isinstance(node, ast.arg) and node.arg == "_" for node in nodes)
    called = any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_" for node in nodes
    )
    return bound and called


def _of_scope(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function or comprehension, without those of the functions and comprehensions within."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, SCOPES):
            yield child
            yield from _of_scope(child)


def _bare(node: ast.expr) -> Iterator[ast.expr]:
    """The parts of an expression that are English words."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and WORD.search(QUOTED.sub("", node.value)):
            yield node
    elif isinstance(node, ast.JoinedStr | ast.List | ast.Tuple):
        for value in node.values if isinstance(node, ast.JoinedStr) else node.elts:
            yield from _bare(value)
    elif isinstance(node, ast.FormattedValue):
        yield from _bare(node.value)
    elif isinstance(node, ast.IfExp):
        yield from (*_bare(node.body), *_bare(node.orelse))
    elif isinstance(node, ast.BinOp):
        yield from (*_bare(node.left), *_bare(node.right))
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _bare(value)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        yield from _bare(node.func.value)


def _at(path: Path, node: ast.expr) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)[:90]}"
