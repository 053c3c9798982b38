"""Vectors beside an index: what is written is read, damage is noticed, and episodes take theirs with them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.damage.damage import KINDS

from indexer.core.errors import IndexBusy, IndexProblem
from indexer.core.files.sealed_json import sealed, unsealed
from indexer.store import vector_writer
from indexer.store.vector_writer import NewVectors, VectorRows, add_vectors, making, reconcile, remove_vectors
from indexer.store.vectors import FILE, DamagedVectors, faults, open_vectors, read_list

PRINT = ("model", 3, "30 s")
Key = tuple[str, int]


def rows(amount: int, number: int) -> VectorRows:
    """Rows that tell whose they are."""
    numbers = b"".join((number + at).to_bytes(4, "little") for at in range(amount))
    return VectorRows(numbers, numbers, numbers, bytes([number % 256]) * 3 * amount)


def new(name: str, amount: int, number: int) -> NewVectors:
    return NewVectors(name, f"digest {number}", number, rows(amount, number))


def held(folder: Path) -> dict[str, tuple[str, int, int, bytes, bytes]]:
    """What is stored for each episode: digest, atoms, rows, first atoms, vectors."""
    found = open_vectors(folder)
    if found is None:
        return {}
    listed, parts = found
    return {
        e.episode: (
            e.digest,
            e.atoms,
            e.rows,
            bytes(parts[e.part].first[4 * e.first : 4 * (e.first + e.rows)]) if e.rows else b"",
            bytes(parts[e.part].vectors[3 * e.first : 3 * (e.first + e.rows)]) if e.rows else b"",
        )
        for e in listed.entries
    }


def expected(number: int, amount: int) -> tuple[str, int, int, bytes, bytes]:
    made = rows(amount, number)
    return f"digest {number}", number, amount, bytes(made.first), bytes(made.vectors)


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("meaning-*.vec"))


def test_there_are_none_at_first(tmp_path: Path) -> None:
    assert open_vectors(tmp_path) is None and faults(tmp_path) == []


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from("abcdef"), st.integers(0, 6)),
        st.tuples(st.just("forget"), st.sampled_from("abcdef")),
        st.tuples(st.just("rename"), st.sampled_from("abcdef"), st.sampled_from("uvwxyz")),
    ),
    max_size=20,
)


@settings(max_examples=60)
@given(STEPS)
def test_after_any_changes_each_episode_has_its_own_vectors(
    tmp_path_factory: pytest.TempPathFactory, steps: Sequence[tuple[str, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("vectors")
    model: dict[str, tuple[int, int]] = {}
    for number, (what, name, *more) in enumerate(steps):
        if what == "add":
            model[name] = number, int(more[0])
            add_vectors(folder, PRINT, 1.0, [new(name, int(more[0]), number)])
            continue
        if name in model:
            known = model.pop(name)
            if what == "rename":
                model[more[0]] = known
        reconcile(folder, keys(model))
    assert held(folder) == {name: expected(*one) for name, one in model.items()}
    assert faults(folder) == []
    assert len(files(folder)) <= 12


def keys(model: Mapping[str, tuple[int, int]]) -> dict[str, Key]:
    return {name: (f"digest {number}", number) for name, (number, _) in model.items()}


def test_the_vectors_of_a_forgotten_episode_are_in_no_file(tmp_path: Path) -> None:
    add_vectors(tmp_path, PRINT, 1.0, [new("a", 5, 65), new("b", 5, 66)])
    reconcile(tmp_path, {"b": ("digest 66", 66)})
    assert all(b"AAA" not in path.read_bytes() for path in files(tmp_path))
    assert held(tmp_path) == {"b": expected(66, 5)}


def test_an_episode_that_waits_to_be_read_again_keeps_its_vectors(tmp_path: Path) -> None:
    add_vectors(tmp_path, PRINT, 1.0, [new("a", 5, 65)])
    reconcile(tmp_path, {}, {"a"})
    assert held(tmp_path) == {"a": expected(65, 5)}


def test_many_small_files_become_few(tmp_path: Path) -> None:
    for number in range(40):
        add_vectors(tmp_path, PRINT, 1.0, [new(f"e{number}", 3, number)])
    assert len(files(tmp_path)) <= 9
    assert held(tmp_path) == {f"e{number}": expected(number, 3) for number in range(40)}


def test_vectors_of_another_model_replace_all(tmp_path: Path) -> None:
    add_vectors(tmp_path, PRINT, 1.0, [new("a", 5, 65)])
    add_vectors(tmp_path, ("other", 3, "30 s"), 1.0, [new("b", 5, 66)])
    assert held(tmp_path) == {"b": expected(66, 5)}
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize("when", ["file", "list"])
def test_a_run_that_dies_leaves_the_vectors_as_they_were(
    tmp_path: Path, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_vectors(tmp_path, PRINT, 1.0, [new("a", 5, 65)])

    def die(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(vector_writer, "whole_file" if when == "file" else "write_whole", die)
        with pytest.raises(OSError, match="No space"):
            add_vectors(tmp_path, PRINT, 1.0, [new("b", 5, 66)])
    assert held(tmp_path) == {"a": expected(65, 5)}
    add_vectors(tmp_path, PRINT, 1.0, [new("b", 5, 66)])
    assert held(tmp_path) == {"a": expected(65, 5), "b": expected(66, 5)}
    assert len(files(tmp_path)) == len(read_list(tmp_path).parts)  # type: ignore[union-attr]


def test_a_file_is_on_disk_before_the_list_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    from indexer.core.files import atomic_write

    def seen(path: Path) -> None:
        order.append("folder")

    real = atomic_write.put

    def put(temporary: Path, target: Path, replace: bool = True) -> None:
        order.append(target.suffix)
        real(temporary, target, replace)

    monkeypatch.setattr(atomic_write, "put", put)
    monkeypatch.setattr(atomic_write, "sync_folder", seen)
    monkeypatch.setattr(atomic_write, "sync", lambda opened: order.append("sync"))
    add_vectors(tmp_path, PRINT, 1.0, [new("a", 5, 65)])
    assert order == ["sync", ".vec", "folder", "sync", ".json", "folder"]


@pytest.mark.parametrize("seed", range(30))
def test_damage_of_any_kind_is_noticed(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    add_vectors(tmp_path, PRINT, 1.0, [new("a", 50, 65), new("b", 5, 66)])
    path = chance.choice([tmp_path / FILE, *files(tmp_path)])
    whole = path.read_bytes()
    data = bytearray(whole)
    while bytes(data) == whole:
        KINDS[seed % len(KINDS)](data, chance)
    path.write_bytes(data)
    with pytest.raises(IndexProblem, match=r"--meaning --rebuild|upgrade podseek"):
        open_vectors(tmp_path)
    assert len(faults(tmp_path)) == 1


def test_a_file_that_is_gone_is_damage(tmp_path: Path) -> None:
    add_vectors(tmp_path, PRINT, 1.0, [new("a", 5, 65)])
    files(tmp_path)[0].unlink()
    with pytest.raises(DamagedVectors, match="--meaning --rebuild"):
        open_vectors(tmp_path)
    remove_vectors(tmp_path)
    assert open_vectors(tmp_path) is None


@pytest.mark.parametrize(
    "change",
    [
        {"parts": [["../outside.vec", 5, 0]]},
        {"parts": [["meaning-00.vec", -1, 0]]},
        {"episodes": [["a", "d", 1, "meaning-00.vec", 0, 99]]},
        {"episodes": [["a", "d", 1, "meaning-00.vec", -3, 2]]},
        {"dimensions": 0},
    ],
)
def test_a_list_that_somebody_wrote_leads_nowhere(tmp_path: Path, change: dict[str, object]) -> None:
    add_vectors(tmp_path, PRINT, 1.0, [new("a", 5, 65)])
    values, _ = unsealed((tmp_path / FILE).read_bytes())
    (tmp_path / FILE).write_bytes(sealed({**values, **change}))
    with pytest.raises(DamagedVectors):
        open_vectors(tmp_path)


def test_a_newer_list_asks_for_a_newer_podseek(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(sealed({"version": 99}))
    with pytest.raises(IndexProblem, match="upgrade podseek"):
        read_list(tmp_path)


def test_two_runs_do_not_make_vectors_at_once(tmp_path: Path) -> None:
    with making(tmp_path):
        with pytest.raises(IndexBusy, match="another podseek makes vectors"), making(tmp_path):
            pass
        add_vectors(tmp_path, PRINT, 1.0, [new("a", 5, 65)])  # forgetting, for one, goes on
        reconcile(tmp_path, {})
    with making(tmp_path):
        assert held(tmp_path) == {}
