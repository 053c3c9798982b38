"""The files of an index read directly say what Whoosh's own reader says; damaged ones are one clear problem."""

from __future__ import annotations

import json
import pickle
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.library import ROOT
from whoosh.index import open_dir

from indexer.core.errors import IndexProblem
from indexer.store import schema
from indexer.store.prepared import PreparedEpisode
from indexer.store.segments import Contents, Segment, newest_generation, open_segments
from indexer.store.segments.toc import written_at
from indexer.store.writer import IndexWriter

SEED = 20260321
FIELDS = (schema.WORDS, schema.CHARS, schema.ID)
COLUMNS = schema.BYTES


def episode(name: str, words: Mapping[str, int] = {}, chars: Mapping[str, int] = {}, size: int = 1) -> PreparedEpisode:
    record = {"name": name, "date": None, "duration": 1.5, "facts": {"speakers": ["小禾", name]}, "size": size}
    columns = {field: f"{field} of {name}".encode() * (size % 5) for field in COLUMNS}
    return PreparedEpisode(name, record, size, words, chars, columns)


def commit(folder: Path, added: Sequence[PreparedEpisode] = (), removed: Sequence[str] = ()) -> None:
    writer = IndexWriter(folder)
    try:
        with writer.batch() as batch:
            for name in removed:
                batch.remove(name)
            for one in added:
                batch.add(one)
    finally:
        writer.close()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three segments: one of long posting lists, one with removed documents, one of a single document."""
    folder = tmp_path_factory.mktemp("segments")
    common = {"always": 1, "twice": 2, "gpu": 3}
    many = (({**common, "often": n % 7 + 1, f"number{n % 90}": 1}, {"水": n + 1}, n) for n in range(1100))
    commit(folder, [episode(f"many{one[2]}", *one) for one in many])
    some = ({"always": n + 1, f"词{n}": 1, "语音识别": n + 5} for n in range(80))
    commit(folder, [episode(f"some{n}", words, {"水": 1}) for n, words in enumerate(some)])
    commit(folder, [episode("one", {"always": 1, "only": 9, "gpus": 1})], ["some0", "some7", "some79"])
    return folder


@pytest.fixture
def contents(index: Path) -> Iterator[Contents]:
    opened = open_segments(index)
    yield opened
    opened.close()


def assert_as_whoosh(folder: Path) -> None:
    """Every term, posting, record and column value is what Whoosh's reader says."""
    contents, reader = open_segments(folder), open_dir(str(folder)).reader()
    leaves = [leaf for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()]
    try:
        assert not leaves or contents.generation == reader.generation()
        assert len(contents.segments) == len(leaves)
        for segment, leaf in zip(contents.segments, leaves, strict=True):
            assert_same_documents(segment, leaf)
            for field in FIELDS:
                assert_same_terms(segment, leaf, field)
    finally:
        reader.close()
        contents.close()


def assert_same_documents(segment: Segment, leaf: Any) -> None:
    numbers = range(leaf.doc_count_all())
    assert segment.doc_count_all == len(numbers)
    assert segment.deleted == {number for number in numbers if leaf.is_deleted(number)}
    assert [segment.stored(number) for number in numbers] == [leaf.stored_fields(number) for number in numbers]
    assert list(segment.atoms) == list(leaf.column_reader(schema.ATOMS))
    for field in COLUMNS:
        column, expected = segment.column(field), list(leaf.column_reader(field))
        assert [column[number] for number in numbers] == expected
        spans = [column.span(number) for number in numbers]
        assert [column.data[start:end] for start, end in spans] == expected


def assert_same_terms(segment: Segment, leaf: Any, field: str) -> None:
    terms = []
    for term in leaf.lexicon(field) if field in leaf.indexed_field_names() else ():
        info, matcher = leaf.term_info(field, term), leaf.postings(field, term)
        expected = []
        while matcher.is_active():
            expected.append((matcher.id(), matcher.weight()))
            matcher.next()
        # Whoosh's own counts are those of all documents; ours leave removed ones out.
        assert segment.weight(field, term) == sum(weight for _, weight in expected)
        if not segment.deleted:
            assert (segment.weight(field, term), len(expected)) == (info.weight(), info.doc_frequency())
        if expected:
            terms.append(term)
        numbers, weights, peaks = segment.postings(field, term)
        assert list(zip(numbers, weights, strict=True)) == expected
        assert all(1 <= peak <= weight for peak, weight in zip(peaks, weights, strict=True))
    assert list(segment.terms(field)) == terms
    for prefix in {term[:length] for term in terms for length in (1, 2, 4)}:
        assert list(segment.terms(field, prefix)) == [term for term in terms if term.startswith(prefix)]


def test_all_of_an_index_is_as_whoosh_reads_it(index: Path) -> None:
    assert_as_whoosh(index)


def test_the_sample_index_is_as_whoosh_reads_it(sample_index: Path) -> None:
    assert_as_whoosh(sample_index)


NAMES = st.text("ab水茶1\U00020000é", min_size=1, max_size=5)
COUNTS = st.dictionaries(NAMES, st.integers(1, 70000), max_size=6)
EPISODES = st.lists(st.builds(episode, st.uuids().map(str), COUNTS, COUNTS, st.integers(0, 9)), min_size=1, max_size=10)


@settings(max_examples=20)
@given(st.lists(EPISODES, max_size=3), st.data())
def test_any_index_is_as_whoosh_reads_it(commits: list[list[PreparedEpisode]], data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        for episodes in commits:
            commit(Path(folder), episodes)
        names = [one.id for episodes in commits for one in episodes]
        commit(Path(folder), removed=data.draw(st.lists(st.sampled_from(names), unique=True)) if names else [])
        assert_as_whoosh(Path(folder))


def test_an_unknown_term_or_field_has_nothing(contents: Contents) -> None:
    for segment in contents.segments:
        for field, term in ((schema.WORDS, "нет"), (schema.WORDS, ""), ("nothing", "gpu")):
            assert segment.weight(field, term.encode()) == 0
            assert [list(part) for part in segment.postings(field, term.encode())] == [[], [], []]
        assert list(segment.terms("nothing")) == list(segment.terms(schema.WORDS, b"zz")) == []


# --- a later commit ----------------------------------------------------------------------------------------------


def test_a_later_commit_takes_over_what_is_open(tmp_path: Path) -> None:
    assert newest_generation(tmp_path / "nothing") == newest_generation(tmp_path) == -1
    commit(tmp_path, [episode(str(number), {"tea": 1}) for number in range(70)])
    first = open_segments(tmp_path)
    assert newest_generation(tmp_path) == first.generation == 1
    assert open_segments(tmp_path, first) is first
    commit(tmp_path, [episode("70", {"tea": 5})])
    second = open_segments(tmp_path, first)
    assert (second.generation, second.segments[0], len(second.segments)) == (2, first.segments[0], 2)
    commit(tmp_path, removed=["3"])
    third = open_segments(tmp_path, second)
    assert third.segments[0].column(schema.TEXT).data is first.segments[0].column(schema.TEXT).data
    assert third.segments[1] is second.segments[1]
    assert (third.segments[0].deleted, first.segments[0].deleted) == ({3}, frozenset())
    assert 3 not in third.segments[0].postings(schema.WORDS, b"tea")[0]
    assert 3 in first.segments[0].postings(schema.WORDS, b"tea")[0]
    third.close()


def test_an_open_segment_is_read_after_its_files_are_removed(index: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(index, tmp_path / "index"))
    contents = open_segments(folder)
    if sys.platform != "win32":
        shutil.rmtree(folder)
    everything(contents)
    contents.close()


def test_an_index_without_episodes_has_no_segments(tmp_path: Path) -> None:
    IndexWriter(tmp_path).close()
    contents = open_segments(tmp_path)
    assert contents == Contents(0, written_at(tmp_path, 0), (), contents.identity)


# --- damage ------------------------------------------------------------------------------------------------------


def everything(contents: Contents) -> None:
    """Reads all there is."""
    for segment in contents.segments:
        list(segment.atoms)
        for number in range(segment.doc_count_all):
            segment.stored(number)
            for field in COLUMNS:
                _ = segment.column(field)[number]
        for field in FIELDS:
            for term in segment.terms(field):
                segment.weight(field, term)
                segment.postings(field, term)


def parts(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in (".toc", ".trm", ".pst", ".col"))


def test_no_damage_fails_in_any_other_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.store.segments.contents.sleep", lambda seconds: None)
    folder, chance = tmp_path / "index", random.Random(SEED)
    commit(folder, [episode(str(n), {f"word{n % 3}": n + 1, "tea": 2, f"rare{n}": 1}, {"水": 1}, n) for n in range(12)])
    noticed = 0
    for path in parts(folder):
        whole = path.read_bytes()
        for _ in range(60):
            damaged = bytearray(whole)
            for _ in range(chance.choice((1, 1, 8))):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            cut = chance.choice((len(damaged), len(damaged), chance.randrange(len(damaged))))
            path.write_bytes(damaged[:cut])
            try:
                contents = open_segments(folder)
                everything(contents)
                contents.close()
            except IndexProblem as problem:
                assert str(problem).startswith(f"{folder}: the index cannot be read (")
                assert "\n" not in str(problem)
                noticed += 1
        path.write_bytes(whole)
    assert noticed > 200
    everything(open_segments(folder))


@pytest.mark.parametrize("content", [None, b"", b"\0", b"nothing of the kind" * 20])
def test_a_missing_or_foreign_file_is_an_index_problem(
    tmp_path: Path, content: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.store.segments.contents.sleep", lambda seconds: None)
    folder = tmp_path / "index"
    commit(folder, [episode(str(n), {"often": n + 1}, size=n) for n in range(12)])
    for path in parts(folder):
        if content == b"" and path.suffix in (".pst", ".col") and "atoms" in path.name:
            continue  # no number stands for 0
        whole = path.read_bytes()
        path.unlink()
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(IndexProblem, match="podseek index --rebuild"):
            everything(open_segments(folder))
        path.write_bytes(whole)


class Evil:
    def __reduce__(self) -> tuple[Any, ...]:
        return print, ("code of the index was run",)


def test_an_index_cannot_run_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(tmp_path, [episode("a")])
    (path,) = tmp_path.glob("_MAIN_*.toc")
    content = path.read_bytes()
    at = content.rindex(b"\x80", 0, content.rindex(b"W3Segment"))
    path.write_bytes(content[:at] + pickle.dumps([Evil()]))
    with pytest.raises(IndexProblem, match=r"it holds a builtins\.print"):
        open_segments(tmp_path)
    assert capsys.readouterr().out == ""


# --- why all this ------------------------------------------------------------------------------------------------

PROGRAM = """
import json, sys
import search
with search.open_library(sys.argv[1]) as library:
    assert len(library.search("水开了")) > 0
    library.status(), library.count("绿茶"), library.variants("收音机"), library.check()
print(json.dumps([name for name in sys.modules if name.partition(".")[0] == "whoosh"]))
"""


def test_a_search_does_not_import_whoosh(tiny_index: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tiny_index)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(run.stdout) == []
