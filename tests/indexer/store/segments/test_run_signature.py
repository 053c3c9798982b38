"""The signature of a segment leaves out no document that holds a run, and most others."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.columns import columns
from support.damage.damage import without_checksums
from support.library import Tools

from indexer.core.positions.stream_builder import StreamBuilder
from indexer.core.positions.token_stream import Stream
from indexer.core.words.pronunciation import write_readings
from indexer.store import seal
from indexer.store.library.dropped_episodes import read_waiting
from indexer.store.manifest import new_manifest, read_manifest, write_manifest
from indexer.store.prepared import PreparedEpisode
from indexer.store.repair.mending import mend
from indexer.store.segments import open_segments, run_signature
from indexer.store.segments.run_signature import RunSignature, pack
from indexer.store.segments.segment import FEWEST, RUNS
from indexer.store.writer import IndexWriter
from search.backends.embedded import stored_fields
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.matching.sources import RunSource

SAID = st.text("甲乙丙丁戊 ab1𠀀", max_size=40)


def stream_of(text: str) -> Stream:
    builder = StreamBuilder()
    return builder.stream(builder.code(text))


def signature(streams: Sequence[Stream]) -> RunSignature:
    return RunSignature(pack(streams, len(streams), sum(map(len, streams))), len(streams))


# --- a signature -----------------------------------------------------------------------------------------


@given(st.lists(SAID, min_size=1, max_size=20), st.data())
def test_no_document_that_holds_a_run_is_left_out(texts: list[str], data: st.DataObject) -> None:
    streams = list(map(stream_of, texts))
    signed = signature(streams)
    number = data.draw(st.integers(0, len(texts) - 1))
    atoms = streams[number].atoms()
    first = data.draw(st.integers(0, len(atoms)))
    run = atoms[first : first + data.draw(st.integers(1, 25))]
    left = list(signed.holders(run))
    assert left == sorted(set(left) & set(range(len(texts))))
    assert {at for at, stream in enumerate(streams) if stream.find(run)} <= set(left)


def test_most_documents_that_lack_a_run_are_left_out() -> None:
    chance = random.Random(1)
    common = [chr(0x4E00 + number) for number in range(200)]
    texts = ["".join(chance.choices(common, k=1000)) for _ in range(100)]
    signed = signature(list(map(stream_of, texts)))
    for number in range(0, 100, 7):
        left = list(signed.holders(texts[number][500:505]))
        assert number in left
        assert len(left) < 50


def test_a_run_without_three_characters_in_a_row_leaves_all() -> None:
    signed = signature([stream_of("甲乙丙"), stream_of("gpu 甲 1 乙")])
    for run in ("甲乙", ("gpu", "甲", "1", "乙"), ("deep", "seek", "甲"), ()):
        assert list(signed.holders(run)) == [0, 1]


def test_a_signature_of_another_segment_is_refused() -> None:
    packed = pack([stream_of("甲乙丙丁")] * 9, 9, 36)
    RunSignature(packed, 9)
    for damaged, documents in ((packed, 8), (packed[:-1], 9), (b"x" + packed[1:], 9), (packed[:8] + bytes(8), 0)):
        with pytest.raises(ValueError, match="of another segment"):
            RunSignature(damaged, documents)


# --- in an index -----------------------------------------------------------------------------------------


def prepared(name: str, text: str) -> PreparedEpisode:
    """What a search for a run needs of an episode."""
    stream = stream_of(text)
    record = {"path": f"{name}.srt", "id": name}
    made = columns(stream=stream.pack(), sounds=bytes(len(stream)))
    return PreparedEpisode(name, record, len(stream), {}, Counter(text), made)


@pytest.fixture
def index(tools: Tools, tmp_path: Path) -> Path:
    """The folder of an index without episodes."""
    folder = tmp_path / "index"
    folder.mkdir()
    write_manifest(folder, new_manifest((), tools.folding.table, write_readings(folder, tools.readings)))
    return folder


@pytest.fixture
def writer(index: Path) -> Iterator[IndexWriter]:
    with closing(IndexWriter(index)) as opened:
        yield opened


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every segment has a signature, and each search for a run looks at it."""
    monkeypatch.setattr(seal, "FEWEST", 1)
    monkeypatch.setattr(stored_fields, "FEWEST", 0)


def signed(index: Path, writer: IndexWriter) -> tuple[dict[str, str], Path]:
    """What 20 new episodes say, and the signature of their segment, in an index that a rebuild takes for its own."""
    texts = said(20)
    add(writer, texts)
    manifest = read_manifest(index)
    assert manifest is not None
    write_manifest(index, manifest._replace(identity=seal.read_identity(index)))
    (path,) = index.glob(f"*.{RUNS}")
    return texts, path


def add(writer: IndexWriter, texts: dict[str, str]) -> None:
    with writer.batch() as batch:
        for name, text in texts.items():
            batch.add(prepared(name, text))


def said(amount: int, first: int = 0) -> dict[str, str]:
    chance = random.Random(first)
    return {f"{first + at:03}": "".join(chance.choices("甲乙丙丁戊己", k=60)) for at in range(amount)}


def holds(index: Path, texts: dict[str, str]) -> None:
    """Asserts that runs are found in these episodes and no others, and that the index is sound."""
    snapshot = EmbeddedSnapshot(index)
    assert snapshot.faults() == []
    finds(snapshot, texts)


def finds(snapshot: EmbeddedSnapshot, texts: dict[str, str]) -> None:
    for run in ("甲乙丙", "乙丙丁戊", "丁丁丁", "甲乙丙丁戊", "甲乙"):
        found = {snapshot.ids[number]: count for number, count in RunSource(snapshot, run).counts.items()}
        places = {name: [at for at in range(60) if text.startswith(run, at)] for name, text in texts.items()}
        assert found == {name: len(each) for name, each in places.items() if each}, run


def documents_with_signature(index: Path) -> list[int]:
    with closing(open_segments(index)) as contents:
        return [segment.doc_count_all for segment in contents.segments if segment._signature]


@pytest.mark.usefixtures("eager")
def test_runs_are_found_after_additions_removals_and_merges(index: Path, writer: IndexWriter) -> None:
    texts: dict[str, str] = {}
    for number in range(6):
        more = said(5, number * 10)
        add(writer, more)
        texts |= more
        holds(index, texts)
    with writer.batch() as batch:
        for name in list(texts)[::4]:
            batch.remove(name)
            del texts[name]
    holds(index, texts)
    assert sum(documents_with_signature(index)) >= len(texts)
    assert {path.stem for path in index.glob(f"*.{RUNS}")} == {path.stem for path in index.glob("*.trm")}


def test_segments_of_many_documents_have_one(index: Path, writer: IndexWriter) -> None:
    few, many = said(FEWEST - 1), said(FEWEST, 500)
    add(writer, few)
    assert documents_with_signature(index) == []
    add(writer, many)
    assert documents_with_signature(index) == [FEWEST]
    holds(index, few | many)


def test_an_index_from_before_is_read_and_gets_one_where_it_is_written(
    index: Path, writer: IndexWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal, "FEWEST", 10_000)
    old, new = said(FEWEST), said(FEWEST, 500)
    add(writer, old)
    holds(index, old)
    monkeypatch.setattr(seal, "FEWEST", FEWEST)
    add(writer, new)
    assert documents_with_signature(index) == [FEWEST]
    holds(index, old | new)


def test_an_index_without_checksums_gets_one_with_them(index: Path, writer: IndexWriter) -> None:
    texts = said(FEWEST)
    add(writer, texts)
    without_checksums(index)
    assert documents_with_signature(index) == []
    holds(index, texts)
    more = said(1, 500)
    add(writer, more)
    assert documents_with_signature(index) == [FEWEST]
    holds(index, texts | more)


def damaged_ways(whole: bytes) -> list[bytes | None]:
    """A signature with a wrong head, with wrong rows, of a wrong length, and none."""
    wrong = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in (3, 20)]
    return [*wrong, whole[:-1], whole + b"x", b"", None]


@pytest.mark.usefixtures("eager")
def test_a_search_does_without_a_damaged_signature_and_the_check_reports_it(index: Path, writer: IndexWriter) -> None:
    texts, path = signed(index, writer)
    for damaged in damaged_ways(path.read_bytes()):
        put(path, damaged)
        snapshot = EmbeddedSnapshot(index)
        finds(snapshot, texts)
        (fault,) = snapshot.faults()
        assert fault.startswith(f"{path}: ")
        assert "podseek index --rebuild" in fault


@pytest.mark.usefixtures("eager")
def test_a_rebuild_makes_a_damaged_signature_again_and_gives_no_episode_up(index: Path, writer: IndexWriter) -> None:
    texts, path = signed(index, writer)
    whole = path.read_bytes()
    for damaged in damaged_ways(whole):
        put(path, damaged)
        (complaint,) = mend(index, writer._storage)
        assert complaint.path == str(path)
        assert path.read_bytes() == whole
        assert read_waiting(index) == {}
        holds(index, texts)
    assert mend(index, writer._storage) == []


@pytest.mark.usefixtures("eager")
def test_a_signature_that_another_version_made_is_replaced(
    index: Path, writer: IndexWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts, path = signed(index, writer)
    size = path.stat().st_size
    path.write_bytes(b"")
    monkeypatch.setattr(run_signature, "_ROWS_PER_ATOM", 2.0)
    mend(index, writer._storage)
    assert path.stat().st_size > size
    assert read_waiting(index) == {}
    holds(index, texts)


def put(path: Path, data: bytes | None) -> None:
    path.unlink(missing_ok=True)
    if data is not None:
        path.write_bytes(data)


@pytest.mark.usefixtures("eager")
def test_streams_that_cannot_be_decoded_make_no_signature(index: Path, writer: IndexWriter) -> None:
    with writer.batch() as batch:
        batch.add(PreparedEpisode("1", {"path": "1.srt"}, 30, {}, {}, columns(stream=b"s")))
    assert documents_with_signature(index) == []


def test_only_damage_makes_no_signature(index: Path, writer: IndexWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    def mistaken(*_: object) -> bytes:
        raise TypeError("a mistake of the program")

    monkeypatch.setattr(seal, "FEWEST", 1)
    monkeypatch.setattr(seal, "pack", mistaken)
    with pytest.raises(TypeError, match="a mistake"):
        add(writer, said(1))
