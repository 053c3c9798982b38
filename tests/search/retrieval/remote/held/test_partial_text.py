"""The text of an episode as far as its decks go: at the places of these what is said, elsewhere filler."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.remote.opened_decks import opened

from indexer.core.positions.timeline import lay_out
from indexer.core.positions.token_stream import Stream
from indexer.core.text.folding import Folding
from indexer.core.types import Cue
from indexer.core.words.pronunciation import NO_SOUND, Readings
from indexer.segmentation.segmenter import Segmenter
from indexer.segmentation.words import place_words
from indexer.store.cluster.documents.decks import NAMES, deal, decks_of
from indexer.store.fields.sounds import sound_classes
from indexer.store.fields.word_boundaries import Marks, pack_marks
from search.matching.word_positions import cut_so
from search.retrieval.remote.held.partial_text import PartialText

FILLER = "\x01"
SAID = [
    "银行",
    "行走",
    "一行",
    "重复",
    "重要",
    "长度",
    "长大",
    "音乐",
    "快乐",
    "三十",
    "30%",
    "gpu",
    "GPT4",
    "𠮷野家",
    "カ",
    "々",
]
TEXTS = st.lists(st.lists(st.sampled_from(SAID), max_size=6).map("".join), max_size=5)


class Said:
    """An episode: its stream, sounds and marks, and its decks."""

    def __init__(self, texts: Sequence[str], folding: Folding, readings: Readings, segmenter: Segmenter) -> None:
        timeline = lay_out([Cue(at, at + 1, text) for at, text in enumerate(texts)], folding)
        placed = place_words(timeline, segmenter)
        self.stream: Stream = timeline.stream
        self.atoms = timeline.stream.atoms()
        self.sounds = sound_classes(timeline.units, placed.positions(), readings)
        self.marks = Marks(pack_marks(placed.marks), len(placed.marks))
        self.decks = deal(self.stream, self.sounds, self.marks)

    def part(self, names: Sequence[str]) -> PartialText:
        return PartialText({name: self.decks.get(name, b"") for name in names}, len(self.atoms))

    def places(self, names: Sequence[str]) -> set[int]:
        """The positions of the atoms in these decks."""
        decks = [opened(self.decks[name]) for name in names if name in self.decks]
        return {position for deck in decks for position in deck.positions}


def unnoticed() -> None:
    raise AssertionError("something wants the whole text")


@given(texts=TEXTS, chance=st.randoms(use_true_random=False), part=st.floats(0, 1))
@example(texts=[], chance=None, part=1.0)
@example(texts=["行"], chance=None, part=1.0)
def test_what_the_decks_have_is_there_and_all_else_is_filler(
    texts: list[str], chance: object, part: float, folding: Folding, readings: Readings, segmenter: Segmenter
) -> None:
    said = Said(texts, folding, readings, segmenter)
    random = getattr(chance, "random", lambda: 0.0)
    names = [name for name in said.decks if random() < part]
    there = said.places(names)
    text = said.part(names)
    stream, sounds, marks = text.stream(unnoticed), text.sounds(), text.marks()
    assert len(stream) == len(sounds) == marks.atoms == len(said.atoms)
    units, known = stream.units(), stream.names_by_code()
    assert [known.get(unit, unit) for unit in units] == [
        atom if at in there else FILLER for at, atom in enumerate(said.atoms)
    ]
    assert list(sounds) == [sound if at in there else NO_SOUND for at, sound in enumerate(said.sounds)]
    for at in there:
        assert (marks.begins[at], marks.new[at]) == (said.marks.begins[at], said.marks.new[at])
        if at + 1 < len(said.atoms):
            assert marks.begins[at + 1] == said.marks.begins[at + 1]
    nowhere = set(range(len(said.atoms))) - there - {at + 1 for at in there}
    assert {marks.begins[at] for at in nowhere} <= {"0"}


@given(texts=TEXTS)
def test_of_all_decks_the_text_is_that_of_the_whole_episode(
    texts: list[str], folding: Folding, readings: Readings, segmenter: Segmenter
) -> None:
    said = Said(texts, folding, readings, segmenter)
    text = said.part(NAMES)
    noticed: list[bool] = []
    assert text.stream(lambda: noticed.append(True)).atoms() == said.atoms
    assert noticed
    assert text.sounds() == said.sounds
    assert (text.marks().packed, text.marks().packed_new) == (said.marks.packed, said.marks.packed_new)


@given(
    texts=TEXTS, wanted=st.sampled_from(["银行", "行", "重复", "三十", "30", "gpt", "4", "𠮷野", "乐", "大长", "カ"])
)
def test_a_text_is_found_where_it_is_said_and_cut(
    texts: list[str], wanted: str, folding: Folding, readings: Readings, segmenter: Segmenter
) -> None:
    said = Said(texts, folding, readings, segmenter)
    atoms = lay_out([Cue(0, 1, wanted)], folding).stream.atoms()
    text = said.part(sorted({name for atom in atoms for name in decks_of(atom, readings)}))
    places = said.stream.find(atoms)
    assert text.stream(unnoticed).find(atoms) == places
    assert cut_so(places, len(atoms), text.marks()) == cut_so(places, len(atoms), said.marks)


def test_only_what_decodes_atoms_is_noticed(folding: Folding, readings: Readings, segmenter: Segmenter) -> None:
    said = Said(["银行的gpu很重要"], folding, readings, segmenter)
    noticed: list[bool] = []
    stream = said.part([*decks_of("行", readings)]).stream(lambda: noticed.append(True))
    assert stream.find(["行"]) == [1]
    assert stream.find([FILLER]) == []
    assert len(stream.units(0, 3)) == 3
    assert noticed == []
    assert stream.atoms(1, 2) == ["行"]
    assert noticed == [True]


def test_no_text_of_a_query_is_filler(folding: Folding) -> None:
    for typed in (FILLER, f"行{FILLER}走", "\x00", "\x02"):
        assert FILLER not in "".join(lay_out([Cue(0, 1, typed)], folding).stream.atoms())


@pytest.mark.parametrize(
    "packed",
    [
        b"x",
        b"\0\0",
        "行\0\1".encode(),
        "行\0\x09\0\0".encode(),  # beyond the episode
        b"\xff\0\1\0\0",
        b"\xe8\xa1\0\1\0\1",
        b"a\0\1\0\xff",
        "行\0\1\0\1\1".encode(),  # which goes on
        "行\0\1\0".encode() + b"\xf9\1\0\0\0",  # of an atom that is not there
    ],
)
def test_damaged_decks_are_refused(packed: bytes) -> None:
    text = PartialText({"d01": b"", "d02": packed}, 8)
    for read in (text.sounds, text.marks, lambda: text.stream(unnoticed)):
        with pytest.raises(ValueError):
            read()


@pytest.mark.parametrize("alphabet", ["行\n\n人", "行走", "，"])
def test_a_deck_of_what_is_no_atom_is_refused(alphabet: str) -> None:
    with pytest.raises(ValueError):
        PartialText({"d02": f"{alphabet}\0\1\0\1".encode()}, 8).stream(unnoticed)


@given(at=st.integers(0, 1000), cut=st.integers(0, 3), more=st.binary(max_size=3))
def test_a_damaged_deck_is_read_or_refused(at: int, cut: int, more: bytes) -> None:
    names = [f"n{number}" for number in range(40)]
    units = "".join(chr(0xE000 + number) for number in range(40))
    packed = deal(Stream.of(units + "一" * 300 + units, names), bytes(380), Marks(pack_marks(bytes(380)), 380))
    name = max(packed, key=lambda name: len(packed[name]))
    at %= len(packed[name])
    text = PartialText({name: packed[name][:at] + more + packed[name][at + cut :]}, 380)
    with suppress(ValueError):
        assert len(text.stream(unnoticed)) == text.marks().atoms == 380
        assert len(text.sounds()) == 380
