"""Each atom of an episode is in one deck, at its position, with how its word begins and ends."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.remote.opened_decks import Deck, opened

from indexer.core.positions.timeline import lay_out
from indexer.core.positions.token_stream import Stream
from indexer.core.text.folding import Folding
from indexer.core.types import Cue
from indexer.core.words.pronunciation import NO_SOUND, Readings
from indexer.segmentation.segmenter import Segmenter
from indexer.segmentation.words import place_words
from indexer.store.cluster.documents.decks import (
    BEGINS,
    ENDS,
    NAMES,
    NEW,
    deal,
    deck_of_atom,
    deck_of_sound,
    decks_of,
    sound_of_deck,
)
from indexer.store.fields.sounds import sound_classes
from indexer.store.fields.word_boundaries import NEW_WORD, WORD, Marks, pack_marks

SMALL = Readings(
    {"银": ("yin", 2), "行": ("xing", 2), "音": ("yin", 1), "人": ("ren", 2)},
    {"银行": "yin2 hang2", "的行": "de5 hang2"},
)
NUMBER = {syllable: deck_of_sound(sound) for syllable, sound in SMALL.classes.items()}

TEXTS = st.lists(st.sampled_from(["银行", "行", "重复", "重", "音乐", "乐", "𠀀", "gpu", "7", "1.5", "カ", "々", "，"]))


def dealt(stream: Stream, sounds: bytes, marks: bytes) -> dict[str, Deck]:
    decks = deal(stream, sounds, Marks(pack_marks(marks), len(marks)))
    return {name: opened(packed) for name, packed in decks.items()}


def laid_out(decks: Mapping[str, Deck]) -> dict[int, tuple[str, str, int]]:
    """Position -> deck, atom and flags."""
    each = [(at, name, atom, flags) for name, deck in decks.items() for at, atom, flags in zip(*deck, strict=True)]
    assert len(each) == len({at for at, *_ in each})
    return {at: (name, atom, flags) for at, name, atom, flags in each}


def flags_of(marks: bytes, at: int) -> int:
    ends = ENDS if marks[at + 1 : at + 2] != b"\0" else 0
    return {0: 0, WORD: BEGINS, NEW_WORD: BEGINS | NEW}[marks[at]] | ends


def test_atoms_lie_with_those_that_sound_alike(folding: Folding) -> None:
    timeline = lay_out([Cue(0, 1, "银行的gpu行人音")], folding)
    sounds = sound_classes(timeline.units, {"银行": [0]}, SMALL)
    decks = dealt(timeline.stream, sounds, bytes((WORD, 0, WORD, WORD, NEW_WORD, 0, WORD)))
    assert decks == {
        NUMBER["yin"]: Deck([0, 6], ["银", "音"], bytes([BEGINS, BEGINS | ENDS])),
        NUMBER["hang"]: Deck([1], ["行"], bytes([ENDS])),
        NUMBER["xing"]: Deck([4], ["行"], bytes([BEGINS | NEW])),
        NUMBER["ren"]: Deck([5], ["人"], bytes([ENDS])),
        **{deck_of_atom(atom): Deck([at], [atom], bytes([BEGINS | ENDS])) for at, atom in ((2, "的"), (3, "gpu"))},
    }


@given(text=TEXTS)
@example(text=[])
def test_every_atom_of_an_episode_is_in_one_of_its_decks(
    text: list[str], folding: Folding, readings: Readings, segmenter: Segmenter
) -> None:
    timeline = lay_out([Cue(0, 1, one) for one in (" ".join(text), "".join(text))], folding)
    placed = place_words(timeline, segmenter)
    sounds = sound_classes(timeline.units, placed.positions(), readings)
    found = laid_out(dealt(timeline.stream, sounds, placed.marks))
    assert found.keys() == set(range(len(timeline.units)))
    for at, said in enumerate(timeline.stream.atoms()):
        name, atom, flags = found[at]
        assert (atom, flags) == (said, flags_of(placed.marks, at))
        assert name in decks_of(atom, readings)
        assert sound_of_deck(name) == sounds[at]


SYLLABLES = st.sampled_from(["yin", "hang", "xing", "de"])


@st.composite
def tables(draw: st.DrawFn) -> Readings:
    """Readings of some characters, and of phrases of these and of others."""
    characters = draw(st.dictionaries(st.sampled_from("银行音人"), st.tuples(SYLLABLES, st.just(1)), min_size=1))
    several = st.text("银行音人的", min_size=2, max_size=3)
    spelled = st.lists(SYLLABLES, min_size=2, max_size=3).map(lambda sounds: " ".join(f"{one}1" for one in sounds))
    return Readings(characters, draw(st.dictionaries(several, spelled, max_size=4)))


@given(table=tables(), text=st.lists(st.sampled_from([*"银行音人的𠀀", "gpu"]), min_size=1), data=st.data())
def test_of_any_readings_an_atom_is_where_it_may_be(
    table: Readings, text: list[str], data: st.DataObject, folding: Folding
) -> None:
    timeline = lay_out([Cue(0, 1, " ".join(text))], folding)
    places = {one: [at for at in range(len(text)) if "".join(text[at:]).startswith(one)] for one in table.phrases}
    words = {one: data.draw(st.lists(st.sampled_from(at), unique=True)) for one, at in places.items() if at}
    sounds = sound_classes(timeline.units, words, table)
    for name, atom, _ in laid_out(dealt(timeline.stream, sounds, bytes([WORD]) * len(text))).values():
        assert name in decks_of(atom, table)


def test_an_atom_may_be_in_the_decks_of_all_its_readings() -> None:
    assert decks_of("行", SMALL) == {NUMBER["xing"], NUMBER["hang"]}
    assert decks_of("人", SMALL) == {NUMBER["ren"]}
    assert decks_of("的", SMALL) == {NUMBER["de"], deck_of_atom("的")}
    assert decks_of("𠀀", SMALL) == {deck_of_atom("𠀀")}
    assert SMALL.classes_of("𠀀") == frozenset()
    assert NO_SOUND not in SMALL.classes_of("的")


def test_real_readings_tell_where_a_character_of_several_sounds_is(readings: Readings) -> None:
    for character, syllables in (("行", "hang xing"), ("重", "chong zhong"), ("乐", "le yue")):
        classes = {readings.classes[syllable] for syllable in syllables.split()}
        assert classes <= readings.classes_of(character)
        assert set(map(deck_of_sound, classes)) <= decks_of(character, readings)


def test_decks_have_names_of_their_own() -> None:
    assert len(set(NAMES)) == len(NAMES) == 255 + 16
    assert [sound_of_deck(deck_of_sound(sound)) for sound in range(1, 256)] == list(range(1, 256))
    assert {sound_of_deck(deck_of_atom(atom)) for atom in ("gpu", "𠀀", "\ud800")} == {NO_SOUND}


@pytest.mark.parametrize("gap", [2, 253, 254, 255, 256, 508, 509, 510, 70_000])
def test_entries_far_apart_are_at_their_places(gap: int) -> None:
    places = [0, gap, gap + 1, 2 * gap + 1]
    size = places[-1] + gap
    sounds = bytearray(size)
    for at in places:
        sounds[at] = 7
    decks = dealt(Stream.of("一" * size, []), bytes(sounds), bytes([WORD]) * size)
    assert decks[deck_of_sound(7)].positions == places
    assert len(decks[deck_of_atom("一")].positions) == size - 4


@pytest.mark.parametrize("size", [1, 30, 31, 32, 33, 300])
def test_a_deck_holds_any_number_of_atoms(size: int, folding: Folding) -> None:
    text = [f"{number}" for number in [*range(size), *range(0, size, 2)]]
    timeline = lay_out([Cue(0, 1, " ".join(text))], folding)
    marks = bytes(at % 3 for at in range(len(text)))
    found = laid_out(dealt(timeline.stream, bytes([9]) * len(text), marks))
    assert found == {at: (deck_of_sound(9), atom, flags_of(marks, at)) for at, atom in enumerate(text)}


def test_columns_of_several_lengths_are_refused() -> None:
    marks = Marks(pack_marks(b"\1\1"), 2)
    for stream, sounds in ((Stream.of("一", []), bytes(2)), (Stream.of("一一", []), bytes(1))):
        with pytest.raises(ValueError, match="not as many"):
            deal(stream, sounds, marks)
