"""Columns and hash files of Whoosh in every shape that it writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from whoosh.columns import VarBytesColumn
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import OrderedHashWriter

from indexer.store.segments.columns import BytesColumn
from indexer.store.segments.hashfile import HashFile


@pytest.mark.parametrize("cutoff", [2, 100])
def test_a_column_with_and_without_stored_beginnings(tmp_path: Path, cutoff: int) -> None:
    values = {1: b"tea", 2: b"", 4: b"water" * 100}
    storage = FileStorage(str(tmp_path))
    file = storage.create_file("column")
    writer = VarBytesColumn(write_offsets_cutoff=cutoff).writer(file)
    for number, value in values.items():
        writer.add(number, value)
    writer.finish(5)
    file.close()
    column = BytesColumn((tmp_path / "column").read_bytes(), 5)
    assert [column[number] for number in range(5)] == [values.get(number, b"") for number in range(5)]


@pytest.mark.parametrize("kind", [0, 1])
@pytest.mark.parametrize("size", [0, 3, 5000])
def test_a_hash_file_of_either_kind_and_any_size(tmp_path: Path, kind: int, size: int) -> None:
    items = {b"%05d" % (3 * number): b"value %d" % number for number in range(size)}
    writer = OrderedHashWriter(FileStorage(str(tmp_path)).create_file("table"))
    writer.hashtype, writer.hashfn = kind, (writer.hashfn, __import__("zlib").crc32)[kind]
    for key, value in items.items():
        writer.add(key, value)
    writer.close()
    data = bytearray((tmp_path / "table").read_bytes())
    data[4] = kind
    table = HashFile(bytes(data))
    assert {key: table.find(key) for key in items} == items
    assert table.find(b"00001") is None
    assert list(table.keys(b"0")) == [key for key in items if key < b"1"]
    assert list(table.keys(b"001", skip=2)) == [key[2:] for key in items if key.startswith(b"001")]
