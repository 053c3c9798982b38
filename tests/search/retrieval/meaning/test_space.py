"""Nearness by matrix agrees with nearness one by one."""

from __future__ import annotations

import math
import random
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.library import Tools

import search
from indexer.core import native
from indexer.core.embedding.embedder import NoMeaning
from indexer.store.vector_writer import NewVectors, VectorRows, add_vectors
from indexer.store.vectors import key_of

pytestmark = pytest.mark.needs("numpy")

SIZE = 8


def cosine(one: list[float], other: list[float]) -> float:
    def dot(a: list[float], b: list[float]) -> float:
        return sum(x * y for x, y in zip(a, b, strict=True))

    return dot(one, other) / math.sqrt(dot(one, one) * dot(other, other))


def standard(values: list[float]) -> list[float]:
    mean = sum(values) / len(values)
    spread = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
    return [(value - mean) / spread for value in values]


@pytest.fixture(scope="module")
def filled(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[search.Library, dict[str, list]]]:
    """An index of the sample with random vectors for all episodes but one, two a commit; and these vectors."""
    from search.retrieval.meaning.quantizing import pack_vectors

    index = tools.index_copies(tmp_path_factory.mktemp("space"))
    chance = random.Random(5)
    with search.open_library(index) as library:
        made = {}
        new = []
        for episode in library.episodes()[1:]:
            vectors = [[chance.gauss(0, 1) for _ in range(SIZE)] for _ in range(chance.randrange(1, 9))]
            made[episode.id] = vectors
            packed = pack_vectors(vectors)
            first = b"".join((10 * at).to_bytes(4, "little") for at in range(len(vectors)))
            end = b"".join((10 * at + 10).to_bytes(4, "little") for at in range(len(vectors)))
            new.append(NewVectors(episode.id, *key_of(episode), VectorRows(first, end, packed.scale, packed.vectors)))
        for at in range(0, len(new), 2):
            add_vectors(index, ("m", SIZE, "s"), 1.0, new[at : at + 2])
        yield library, made


def test_it_is_the_cosine_in_standard_deviations(filled: tuple[search.Library, dict[str, list]]) -> None:
    from search.retrieval.meaning.space import open_space

    library, made = filled
    snapshot = library.snapshot
    space = open_space(snapshot, snapshot.folder)
    assert space is not None and len(space) == sum(map(len, made.values()))
    question = [1.0, -2.0, 0.5, 0.0, 3.0, -1.0, 1.0, 0.25]
    near = space.nearness(question)
    pairs = [(snapshot.episode(n).id, n) for n in snapshot.episodes()]
    flat = [(n, at, cosine(vector, question)) for name, n in pairs for at, vector in enumerate(made.get(name, ()))]
    wanted = standard([value for _, _, value in flat])
    for (number, at, _), value in zip(flat, wanted, strict=True):
        assert near.segment(number, 10 * at + 3, 10 * at + 4) == pytest.approx(value, abs=0.05)
    ordered = sorted(zip(wanted, flat, strict=True), reverse=True)[:10]
    assert [one.nearness for one in near.best(10)] == pytest.approx([value for value, _ in ordered], abs=0.05)
    top = sorted({n for _, n in pairs if made.get(snapshot.episode(n).id)})
    threes = [sorted((v for n, _, v in flat if n == number), reverse=True)[:3] for number in top]
    # An episode of one or two segments counts its last one again.
    means = standard([(sum(best) + (3 - len(best)) * best[-1]) / 3 for best in threes])
    assert [near.episode(number) for number in top] == pytest.approx(means, abs=0.05)


def test_what_has_no_vectors_is_not_near_or_far(filled: tuple[search.Library, dict[str, list]]) -> None:
    from search.retrieval.meaning.space import open_space

    library, made = filled
    snapshot = library.snapshot
    (without,) = [n for n in snapshot.episodes() if snapshot.episode(n).id not in made]
    space = open_space(snapshot, snapshot.folder)
    assert space is not None
    near = space.nearness([1.0] * SIZE)
    assert near.segment(without, 0, 9) is None and near.episode(without) is None
    assert near.segment((without + 1) % len(made), 1_000_000, 1_000_001) is None


def test_only_some_episodes_may_be_wanted(filled: tuple[search.Library, dict[str, list]]) -> None:
    from search.retrieval.meaning.space import open_space

    library, made = filled
    snapshot = library.snapshot
    space = open_space(snapshot, snapshot.folder)
    assert space is not None
    two = [n for n in snapshot.episodes() if snapshot.episode(n).id in made][:2]
    found = space.nearness([1.0] * SIZE).best(1000, two)
    assert {one.episode for one in found} == set(two)
    assert len(found) == sum(len(made[snapshot.episode(n).id]) for n in two)
    assert space.nearness([1.0] * SIZE).best(3, []) == []


@pytest.mark.parametrize("vector", [[0.0] * SIZE, [math.nan] * SIZE, [math.inf] + [0.0] * (SIZE - 1)])
def test_a_vector_without_a_direction_is_refused(vector: list[float]) -> None:
    from search.retrieval.meaning.directions import as_question, unit
    from search.retrieval.meaning.quantizing import pack_vectors

    with pytest.raises(NoMeaning, match="no direction"):
        pack_vectors([[1.0] * SIZE, vector])
    with pytest.raises(NoMeaning, match="no direction"):
        unit(vector)
    with pytest.raises(NoMeaning, match="no direction"):
        as_question(vector)


@pytest.mark.parametrize("vector", [[1.0] * 4096, [1.0, *[0.0] * 4095], [1e-30, -1e-30], [3e38, -3e38, 1.0]])
def test_a_question_of_any_length_fits_the_products(vector: list[float]) -> None:
    """Sums of 128 times its numbers stay below 2 ** 31."""
    from array import array

    from search.retrieval.meaning.directions import as_question

    packed = as_question(vector)
    assert native.products(bytes([129]) * len(vector), struct.pack("<f", 1.0), packed)
    numbers = array("h", packed)
    assert cosine([float(number) for number in numbers], [number / max(vector) for number in vector]) > 0.999


def test_the_middle_of_a_stretch_is_the_mean_of_its_vectors(filled: tuple[search.Library, dict[str, list]]) -> None:
    from search.retrieval.meaning.space import open_space

    library, made = filled
    snapshot = library.snapshot
    space = open_space(snapshot, snapshot.folder)
    assert space is not None
    number = max(space.episodes, key=lambda one: len(made[snapshot.episode(one).id]))
    vectors = [[x / math.sqrt(sum(y * y for y in one)) for x in one] for one in made[snapshot.episode(number).id]]
    middle = space.middle(number, 15, 30)  # segments are of ten atoms: the second and the third
    assert middle is not None
    assert cosine(middle, [x + y for x, y in zip(vectors[1], vectors[2], strict=True)]) == pytest.approx(1, abs=1e-3)
    assert space.middle(number, 10 * len(vectors)) is None
    first, as_arrays = space.segments(number)
    assert first.tolist() == [10 * at for at in range(len(vectors))]
    assert as_arrays.tolist() == [pytest.approx(one, abs=0.01) for one in vectors]


def test_an_empty_list_of_vectors_is_no_fault(tools: Tools, tmp_path: Path) -> None:
    from search.retrieval.meaning.space import open_space

    index = tools.index_copies(tmp_path)
    add_vectors(index, ("m", SIZE, "s"), 1.0, [])
    with search.open_library(index) as library:
        space = open_space(library.snapshot, index)
        assert space is not None
        assert space.nearness([1.0] * SIZE).best(5) == []


def test_vectors_of_another_transcript_are_not_used_even_if_it_is_as_long(tools: Tools, tmp_path: Path) -> None:
    from search.retrieval.meaning.quantizing import pack_vectors
    from search.retrieval.meaning.space import open_space

    index = tools.index_copies(tmp_path)
    packed = pack_vectors([[1.0] * SIZE])
    rows = VectorRows(bytes(4), (9).to_bytes(4, "little"), packed.scale, packed.vectors)
    with search.open_library(index) as library:
        snapshot = library.snapshot
        one, other = library.episodes()[:2]
        assert list(snapshot.ids) == [snapshot.episode(number).id for number in snapshot.episodes()]
        other_digest = "0" * 16, one.atoms
        new = [NewVectors(one.id, *other_digest, rows), NewVectors(other.id, *key_of(other), rows)]
        add_vectors(index, ("m", SIZE, "s"), 1.0, new)
        space = open_space(snapshot, index)
        assert space is not None
        near = space.nearness([1.0] * SIZE)
        (found,) = near.best(5)
        assert snapshot.ids[found.episode] == other.id
        number = snapshot.ids.index(one.id)
        assert near.segment(number, 0, 9) is None and near.episode(number) is None and space.middle(number) is None
        assert space.middle(found.episode) is not None


def test_segments_of_former_transcripts_take_no_place_of_others(tools: Tools, tmp_path: Path) -> None:
    from search.retrieval.meaning.quantizing import pack_vectors
    from search.retrieval.meaning.space import open_space

    index = tools.index_copies(tmp_path)
    with search.open_library(index) as library:
        *former, last = library.episodes()[:5]
        new = []
        for at, one in enumerate([*former, last]):
            packed = pack_vectors([[8.0 - at, *[1.0] * (SIZE - 1)]])  # the later, the farther from the question
            rows = VectorRows(bytes(4), (9).to_bytes(4, "little"), packed.scale, packed.vectors)
            key = key_of(last) if one is last else ("0" * 16, one.atoms)
            new.append(NewVectors(one.id, *key, rows))
        add_vectors(index, ("m", SIZE, "s"), 1.0, new)
        space = open_space(library.snapshot, index)
        assert space is not None
        (found,) = space.nearness([1.0] + [0.0] * (SIZE - 1)).best(1)
        assert library.snapshot.ids[found.episode] == last.id
