"""Each atom of an episode is in one deck, at its position, with how its word begins and ends."""

from __future__ import annotations

import pytest

from indexer.core.folding import Folding
from indexer.core.pronunciation import NO_SOUND, Readings
from indexer.core.timeline import lay_out
from indexer.core.types import Cue
from indexer.store.decks import BEGINS, ENDS, NEW, Deck, deal, deck_of_atom, deck_of_sound, decks_of, open_deck
from indexer.store.fields.sounds import sound_classes
from indexer.store.fields.word_boundaries import Marks, pack_marks

SMALL = Readings(
    {"银": ("yin", 2), "行": ("xing", 2), "音": ("yin", 1), "人": ("ren", 2)},
    {"银行": "yin2 hang2", "的行": "de5 hang2"},
)


def dealt(folding: Folding, text: str, words: dict[str, list[int]], marks: bytes) -> dict[str, Deck]:
    timeline = lay_out([Cue(0, 1, text)], folding)
    sounds = sound_classes(timeline.units, words, SMALL)
    decks = deal(timeline.stream, sounds, Marks(pack_marks(marks), len(marks)))
    return {name: open_deck(packed, len(marks)) for name, packed in decks.items()}


def test_atoms_lie_with_those_that_sound_alike(folding: Folding) -> None:
    decks = dealt(folding, "银行的gpu行人音", {"银行": [0]}, b"\1\0\1\1\2\0\1")
    number = {syllable: deck_of_sound(sound) for syllable, sound in SMALL.classes.items()}
    assert decks == {
        number["yin"]: Deck([0, 6], ["银", "音"], bytes([BEGINS, BEGINS | ENDS])),
        number["hang"]: Deck([1], ["行"], bytes([ENDS])),
        number["xing"]: Deck([4], ["行"], bytes([BEGINS | NEW])),
        number["ren"]: Deck([5], ["人"], bytes([ENDS])),
        **{deck_of_atom(atom): Deck([at], [atom], bytes([BEGINS | ENDS])) for at, atom in ((2, "的"), (3, "gpu"))},
    }


def test_an_atom_may_be_in_the_decks_of_all_its_readings() -> None:
    number = {syllable: deck_of_sound(sound) for syllable, sound in SMALL.classes.items()}
    assert decks_of("行", SMALL) == {number["xing"], number["hang"]}
    assert decks_of("人", SMALL) == {number["ren"]}
    assert decks_of("的", SMALL) == {number["de"], deck_of_atom("的")}
    assert decks_of("𠀀", SMALL) == {deck_of_atom("𠀀")}
    assert NO_SOUND not in SMALL.classes_of("的")


@pytest.mark.parametrize("damage", [slice(0, -1), slice(0, 3), slice(1, None), slice(0, 0)])
def test_a_damaged_deck_is_refused(damage: slice, folding: Folding) -> None:
    timeline = lay_out([Cue(0, 1, "银音银")], folding)
    packed = deal(timeline.stream, bytes([1, 1, 1]), Marks(pack_marks(b"\1\1\1"), 3))["d01"]
    assert list(open_deck(packed, 3).positions) == [0, 1, 2]
    for bad in (packed[damage], packed + b"\0"):
        with pytest.raises(ValueError):
            open_deck(bad, 3)
    with pytest.raises(ValueError):
        open_deck(packed, 2)
