"""Collections on disk behave as a dict and a list do."""

from __future__ import annotations

import errno
import sqlite3
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.memory import on_disk
from indexer.core.memory.on_disk import MappingOnDisk, Spooled

TEXTS = st.sampled_from(["", "a", "b", "一集.srt", "\udcff.srt"])
CHANGES = st.lists(st.tuples(st.sampled_from(["set", "delete", "move"]), TEXTS, TEXTS))


@given(changes=CHANGES)
def test_a_mapping_on_disk_is_a_dict(changes: list[tuple[str, str, str]]) -> None:
    expected: dict[str, tuple[str, int]] = {}
    found = MappingOnDisk[tuple[str, int]](lambda value: value[0])
    for number, (what, key, name) in enumerate(changes):
        if what == "set":
            expected[key] = found[key] = (name, number)
        elif key in expected:
            value, same = expected.pop(key), found.pop(key)
            assert value == same
            if what == "move":
                expected[name] = found[name] = value
        else:
            with pytest.raises(KeyError):
                del found[key]
    assert (list(found.items()), len(found)) == (list(expected.items()), len(expected))
    assert [key in found for key in ("a", "一集.srt")] == [key in expected for key in ("a", "一集.srt")]
    names = {value[0]: key for key, value in expected.items()}
    assert {name: found.key_of(name) for name in names} == names
    assert found.key_of("nobody") is None


def test_spooled_items_are_a_list() -> None:
    items = [{"path": "\udcff.srt", "number": number} for number in range(1000)]
    spooled = Spooled(items)
    assert list(zip(spooled, spooled, strict=True)) == list(zip(items, items, strict=True))
    spooled.append({})
    assert (len(spooled), list(spooled)[-1], {} in spooled) == (1001, {}, True)
    assert list(Spooled[int]()) == []


def test_a_full_disk_is_an_error_of_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SQLITE_TMPDIR", raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # Python knew another before
    mapping = MappingOnDisk[str](str)
    mapping._database.execute("PRAGMA max_page_count = 4")
    with pytest.raises(OSError, match="full") as caught:
        for number in range(1000):
            mapping[str(number)] = "x" * 1000
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, str(tmp_path))


@pytest.mark.skipif(not Path("/var/tmp").is_dir(), reason="a folder of Unix")
def test_an_error_of_sqlite_names_its_folder_of_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SQLITE_TMPDIR", "TMPDIR"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(OSError, match="unable") as caught, on_disk._as_os_error():
        raise sqlite3.OperationalError("unable to open database file")
    assert (caught.value.errno, caught.value.filename) == (errno.EACCES, "/var/tmp")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_disk_is_full_when_spooled_items_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: Path("/dev/full").open("r+b"))  # noqa: SIM115
    spooled = Spooled([1])
    with pytest.raises(OSError, match="left") as caught:
        list(spooled)
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, tempfile.gettempdir())
