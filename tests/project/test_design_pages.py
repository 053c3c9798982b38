"""ARCHITECTURE.md, CONTRIBUTING.md and docs/design name only files and names that exist; each decision has its reason
and command."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from support.library import ROOT

DESIGN = ROOT / "docs" / "design"
PROGRAM = ("indexer", "search", "podseek")
OF_USERS = {"meaning.json", "podcast.toml", "waiting.json"}
"""Files that users or their indexes have, and no checkout."""
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def test_the_architecture_is_one_page() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_bytes()) <= 6 * 1024


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", *sorted(f"docs/design/{p.name}" for p in DESIGN.glob("*.md"))])
def test_a_page_about_the_design_names_only_files_that_exist(page: str) -> None:
    """Paths from the root and, in backticks or links, from a folder of the program or from the page's own."""
    text = (ROOT / page).read_text("utf-8")
    rooted = re.findall(r"(?<![\w./-])(?:bench|corpus|docs|indexer|podseek|search|tests)/[\w./-]*\w", text)
    inner = [name for name in re.findall(r"[`(]([\w./-]+\.(?:py|json|md|toml))[`#)]", text) if "NAME" not in name]
    places = ["", *{f"{path.parent.relative_to(ROOT)}/" for top in PROGRAM for path in (ROOT / top).rglob("*.py")}]
    places += ["tests/project/", "docs/design/", "indexer/", "search/"]
    assert [name for name in rooted if "NAME" not in name and not _exists(name, [""])] == []
    assert [name for name in inner if not _exists(name, places) and name not in OF_USERS] == []


def test_the_architecture_names_only_modules_that_exist() -> None:
    """`query.parse`, `fields/` and `sweep` are the ends of dotted names of modules and folders."""
    files = [path.relative_to(ROOT) for top in PROGRAM for path in (ROOT / top).rglob("*.py")]
    known = {part for path in files for part in (path.with_suffix(""), *path.parents)}
    dotted = [f".{'.'.join(path.parts)}" for path in known] + [".cli"]
    prose = FENCED.sub("", (ROOT / "ARCHITECTURE.md").read_text("utf-8"))
    named = [name.strip("/").replace("/", ".").removesuffix(".py") for name in re.findall(r"`([a-z_./]+)`", prose)]
    named = [name for name in named if name not in OF_USERS and not name.startswith(("tests.", "test_"))]
    assert len(named) > 40
    assert [name for name in named if not any(end.endswith(f".{name}") for end in dotted)] == []


WITHOUT_ENTRIES = {"README.md", "measured-once.md", "opensearch.md", "opensearch-costs.md"}


@pytest.mark.parametrize("page", sorted({path.name for path in DESIGN.glob("*.md")} - WITHOUT_ENTRIES))
def test_a_decision_has_its_reason_and_the_command_that_shows_it(page: str) -> None:
    """The choice is left out where the heading states it."""
    entries = re.split(r"^##+ ", (DESIGN / page).read_text("utf-8"), flags=re.MULTILINE)[1:]
    parts = {entry.partition("\n")[0]: re.findall(r"\*\*(Reason|Command)\.\*\*", entry) for entry in entries}
    assert [heading for heading, known in parts.items() if not {"Reason", "Command"} <= {*known}] == []


SOURCES = (".py", ".c", ".h")
FILES = {"c", "json", "js", "md", "py", "toml", "txt", "vec"}
"""Suffixes of files, which the tests of links and paths look for."""
OF_OTHERS = {
    *("package_dir", "_termvectors", "_forcemerge", "delimited_term_freq", "add_reader", "hits.total"),
    "indexing_pressure.memory.limit",
}
"""Names that belong to other programs."""


@pytest.fixture(scope="module")
def words_in() -> dict[str, set[str]]:
    """The words of the source in each module and folder, by its name; in all of it by the empty name."""
    files = [path for top in (*PROGRAM, "bench", "tests") for path in (ROOT / top).rglob("*") if path.suffix in SOURCES]
    found: dict[str, set[str]] = {"": set()}
    for path in [*files, *ROOT.glob("*.py"), ROOT / "setup.cfg"]:
        words = {path.stem, *re.findall(r"\w+", path.read_text("utf-8"))}
        for name in ("", path.stem, path.parent.name):
            found.setdefault(name, set()).update(words)
        found.setdefault(path.parent.parent.name, set()).add(path.parent.name)
    return found


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", *sorted(f"docs/design/{p.name}" for p in DESIGN.glob("*.md"))])
def test_a_page_about_the_design_names_only_what_the_source_has(page: str, words_in: dict[str, set[str]]) -> None:
    """`top_k`, `retrieval.resolved_plan` and `native.grouped`: names with a dot or an underscore, in the module or
    folder before the last dot."""
    prose = FENCED.sub("", (ROOT / page).read_text("utf-8"))
    named = [name for name in re.findall(r"`(\w+(?:\.[A-Za-z_]\w*)*)`", prose) if re.search("[._]", name)]
    unknown = set()
    for *before, last in (name.split(".") for name in named):
        home = before[-1] if before and before[-1] in words_in else ""
        if last not in words_in[home] | FILES:
            unknown.add(".".join((*before, last)))
    assert sorted(unknown - OF_OTHERS) == []


def _exists(name: str, places: Iterable[str]) -> bool:
    return any((ROOT / place / f"{name}{suffix}").exists() for place in places for suffix in ("", ".py"))
