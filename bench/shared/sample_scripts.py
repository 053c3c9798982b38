"""The scripts of the sample corpus as values; `make_sample` describes their format."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
SCRIPTS = CORPUS / "scripts"
MARK = re.compile(r"\{([^{|}]+)\|([^{|}]+)\}")
HAN = r"[\u3400-\u9fff]"
WORD = r"[A-Za-z0-9π][A-Za-z0-9π.+#@%/-]*"
HEADER = (re.compile(r"# title: (\S.*)"), re.compile(r"# date: (\d{4}-\d\d-\d\d)"))


@dataclass(frozen=True, slots=True)
class Line:
    """One cue of a script: its markup as written, and whether a pause follows it."""

    marked: str
    pause: bool

    @property
    def right(self) -> str:
        return MARK.sub(r"\1", self.marked)

    @property
    def heard(self) -> str:
        return MARK.sub(r"\2", self.marked)


@dataclass(frozen=True, slots=True)
class Query:
    kind: str
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Script:
    """One episode as written: `stem` is its file name without the suffix."""

    stem: str
    title: str
    date: str
    lines: tuple[Line, ...]
    queries: tuple[Query, ...]

    @property
    def right(self) -> str:
        return "".join(line.right for line in self.lines)

    @property
    def heard(self) -> str:
        return "".join(line.heard for line in self.lines)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(right, heard) of each recogniser error."""
        return [(right, heard) for line in self.lines for right, heard in MARK.findall(line.marked)]


class ScriptProblem(Exception):
    """A script cannot be read; the message names the file."""


def read_scripts() -> list[Script]:
    return [read_script(path) for path in sorted(SCRIPTS.glob("*.txt"))]


def read_script(path: Path) -> Script:
    written = path.read_text("utf-8").splitlines()
    header = [pattern.fullmatch(line) for pattern, line in zip(HEADER, written, strict=False)]
    if len(header) != len(HEADER) or not all(header):
        raise ScriptProblem(f"{path.name}: the first two lines are not `# title: ...` and `# date: YYYY-MM-DD`")
    title, day = (match[1] for match in header if match)
    lines = tuple(Line(line.removesuffix("/"), line.endswith("/")) for line in written[len(HEADER) :])
    queries = tuple(Query(*row) for row in read_table(SCRIPTS / f"{path.stem}.queries.tsv", 3))
    return Script(path.stem, title, day, lines, queries)


def read_nothing() -> list[str]:
    """The queries that should find nothing."""
    return [query for query, _ in read_table(SCRIPTS / "nothing.tsv", 2)]


def read_table(path: Path, columns: int) -> list[list[str]]:
    if not path.is_file():
        raise ScriptProblem(f"{path.name}: missing")
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    for number, row in enumerate(rows, 1):
        if len(row) != columns:
            raise ScriptProblem(f"{path.name}:{number}: {len(row)} columns instead of {columns}")
    return rows
