"""The stream finds exactly what a scan over the list of atoms finds."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.core.positions.stream_builder import StreamBuilder
from indexer.core.positions.token_stream import Stream, find_in_all, is_basic
from indexer.core.positions.tokens import split_atoms

# Few different atoms, so that runs repeat and overlap; `\ue000` and `Ā` look like codes but are not.
PIECES = st.sampled_from(
    ["山", "高", "高高", "ガ", "gpu", "gpus", "c++", "1.5", "7", "77", "\U00020000", "\U0002a6d6", "Ā", "\ue000"]
)
SEPARATORS = st.sampled_from(["", " ", "，", "\n"])
TEXTS = st.lists(st.tuples(PIECES, SEPARATORS), max_size=30).map(lambda parts: "".join(a + b for a, b in parts))


def stream_of(*texts: str) -> Stream:
    builder = StreamBuilder()
    return builder.stream("".join([builder.code(text) for text in texts]))


def scan(atoms: Sequence[str], run: Sequence[str]) -> list[int]:
    return [at for at in range(len(atoms) - len(run) + 1) if run and list(atoms[at : at + len(run)]) == list(run)]


@given(texts=st.lists(TEXTS, max_size=4))
def test_a_stream_holds_the_atoms_of_its_pieces(texts: list[str]) -> None:
    atoms = [atom for text in texts for atom in split_atoms(text)]
    stream = stream_of(*texts)
    assert len(stream) == len(atoms)
    assert stream.atoms() == atoms


@settings(max_examples=200)
@given(text=TEXTS, data=st.data())
def test_any_run_of_the_text_is_found_where_a_scan_finds_it(text: str, data: st.DataObject) -> None:
    atoms = split_atoms(text)
    start = data.draw(st.integers(0, len(atoms)))
    end = data.draw(st.integers(start, min(len(atoms), start + 4)))
    assert stream_of(text).find(atoms[start:end]) == scan(atoms, atoms[start:end])


@given(text=TEXTS, data=st.data())
def test_in_regions_a_run_is_found_where_it_begins_in_one(text: str, data: st.DataObject) -> None:
    atoms = split_atoms(text)
    ends = sorted(data.draw(st.sets(st.integers(0, len(atoms) + 3), max_size=8)))
    regions = list(zip(ends[::2], ends[1::2], strict=False))
    start = data.draw(st.integers(0, len(atoms)))
    run = atoms[start : start + data.draw(st.integers(1, 3))]
    there = [at for at in scan(atoms, run) if any(first <= at < end for first, end in regions)]
    assert stream_of(text).find(run, regions) == there


@settings(max_examples=200)
@given(text=TEXTS, wanted=TEXTS)
def test_any_other_run_is_found_where_a_scan_finds_it(text: str, wanted: str) -> None:
    run = split_atoms(wanted)[:3]
    assert stream_of(text).find(run) == scan(split_atoms(text), run)


@settings(max_examples=200)
@given(texts=st.lists(TEXTS, max_size=5), wanted=TEXTS, size=st.integers(0, 3))
def test_in_all_streams_at_once_a_run_is_found_as_in_each(texts: list[str], wanted: str, size: int) -> None:
    wide = Stream.of("山高\U000f0000高高山高", ["gpu"])
    streams = {**dict(enumerate(map(stream_of, texts))), 7: wide}
    run = split_atoms(wanted)[:size]
    each = {number: stream.find(run) for number, stream in streams.items()}
    assert find_in_all([*streams], streams.values(), run) == {
        number: places for number, places in each.items() if places
    }


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_text_at_all_has_the_atoms_of_a_plain_cut(text: str) -> None:
    assert stream_of(text).atoms() == split_atoms(text)


def test_overlapping_runs_are_all_found() -> None:
    assert stream_of("哈哈哈哈").find(["哈", "哈"]) == [0, 1, 2]
    assert stream_of("ha ha ha").find(["ha", "ha"]) == [0, 1]


def test_a_name_has_the_same_code_whether_all_were_read_or_not() -> None:
    several = [str(number) for number in range(6400)]  # more than the first range of codes has
    stream, read = (stream_of(" ".join(["gpu", *several, "x"])) for _ in range(2))
    assert len(read.codes) == 6402
    for name in ("gpu", "x", "0", "6399", "64", "9999", "g", "pu"):
        assert stream.encoded((name,)) == read.encoded((name,))
        assert stream.coded(["茶", name]) == read.coded(["茶", name])
        assert bool(stream.encoded((name,))) == (name in read.codes)


def test_two_halves_of_neighbouring_units_are_no_match() -> None:
    # In UTF-16 the bytes of 一丁 are 00 4e 01 4e; 4e 01 would be U+014E.
    stream = stream_of("一丁", " ".join(f"w{chr(0x4E00 + n)}" for n in range(3)))
    assert stream.find(["\u4e4e"]) == []
    assert find_in_all([0], [stream], ["\u4e4e"]) == {}
    assert stream.find(["\u014e"]) == []


def test_a_run_crosses_the_pieces_it_was_coded_in() -> None:
    assert stream_of("大语言", "模型gpu").find(["言", "模", "型", "gpu"]) == [2]


def test_a_prefix_of_a_latin_run_is_not_found() -> None:
    assert stream_of("gpus").find(["gpu"]) == []


def test_nothing_is_found_for_no_atoms() -> None:
    assert stream_of("山高").find([]) == []
    assert stream_of().find(["山"]) == []


def test_more_names_than_fit_into_the_basic_plane_are_kept_apart() -> None:
    names = [f"{number}" for number in range(34_000)]
    stream = stream_of(" ".join(names) + " 山")
    assert max(stream.units()) > "\uffff"
    for number in (0, 6_399, 6_400, 18_047, 18_048, 32_383, 32_384, 33_999):
        assert stream.find([names[number]]) == [number]
    assert stream.find(["33999", "山"]) == [33_999]
    assert Stream(stream.pack()).atoms(33_998) == ["33998", "33999", "山"]


@given(text=TEXTS)
def test_a_packed_stream_unpacks_to_the_same(text: str) -> None:
    stream = stream_of(text)
    stored = b"before" + stream.pack() + b"after"
    again = Stream(stored, len(b"before"), len(stored) - len(b"after"))
    assert (again.units(), again.names, again.pack()) == (stream.units(), stream.names, stream.pack())


@given(text=TEXTS, data=st.data())
def test_a_part_of_a_stream_is_that_part_of_the_atoms(text: str, data: st.DataObject) -> None:
    atoms = split_atoms(text)
    start = data.draw(st.integers(0, len(atoms)))
    end = data.draw(st.integers(start, len(atoms)))
    stream = stream_of(text)
    assert stream.atoms(start, end) == atoms[start:end]
    assert stream.coded(atoms[start:end]) == stream.units(start, end)


def test_unknown_atoms_are_coded_as_what_no_stream_holds() -> None:
    stream = stream_of("山gpu")
    assert stream.coded(["gpu", "tpu", "山"]) == stream.units(1, 2) + "\0山"


@given(text=TEXTS)
def test_only_the_basic_characters_stand_for_themselves(text: str) -> None:
    stream = stream_of(text)
    for unit, atom in zip(stream.units(), stream.atoms(), strict=True):
        assert (unit == atom) == is_basic(atom)
