"""Characters are read as they are spoken, and syllables that are taken for each other share a class."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.errors import IndexProblem
from indexer.core.positions.tokens import is_single
from indexer.core.words.pronunciation import FILE, NO_SOUND, Readings, Sound, near_form, read_readings, write_readings

SMALL = Readings(
    {"银": ("yin", 2), "行": ("xing", 2), "长": ("chang", 2), "音": ("yin", 1), "乐": ("le", 4), "家": ("jia", 1)},
    {"银行": "yin2 hang2", "行长": "hang2 zhang3", "银行行长": "yin2 hang2 hang2 zhang3", "音乐": "yin1 yue4"},
)

SYLLABLES = st.sampled_from(["a", "ma", "shang", "san", "lv", "nve", "er", "zhuang", "ê"])
SOUNDS: st.SearchStrategy[Sound] = st.tuples(SYLLABLES, st.integers(1, 5))
CHARACTERS = "高商熵伤一部异步银行"


def spelled(sounds: Sequence[Sound | None]) -> str:
    return " ".join(f"{sound[0]}{sound[1]}" if sound else "-" for sound in sounds)


@st.composite
def tables(draw: st.DrawFn) -> Readings:
    """Any readings of a few characters and phrases of two to four of them."""
    characters = draw(st.dictionaries(st.sampled_from(CHARACTERS), SOUNDS, min_size=1))
    phrases = {}
    for phrase in draw(st.lists(st.text(CHARACTERS, min_size=2, max_size=4), unique=True, max_size=4)):
        phrases[phrase] = spelled([draw(SOUNDS) for _ in phrase])
    return Readings(characters, phrases)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("", ""),
        ("行家", "xing2 jia1"),
        ("银行家", "yin2 hang2 jia1"),
        ("行长", "hang2 zhang3"),
        ("银行行长", "yin2 hang2 hang2 zhang3"),
        ("家银行长乐", "jia1 yin2 hang2 chang2 le4"),
        ("长音乐", "chang2 yin1 yue4"),
        ("音，乐", "yin1 - le4"),
        ("银", "yin2"),
    ],
)
def test_the_longest_phrase_from_the_left_decides_how_its_characters_are_read(text: str, spoken: str) -> None:
    assert spelled(SMALL.read(text)) == spoken


def test_names_between_characters_have_no_reading() -> None:
    assert SMALL.read(["家", "gpu", "银", "7", "行"]) == [("jia", 1), None, ("yin", 2), None, ("xing", 2)]


@given(table=tables(), text=st.lists(st.sampled_from([*CHARACTERS, "gpu", "，"])))
def test_every_atom_gets_one_reading_its_own_or_that_of_a_phrase_around_it(table: Readings, text: list[str]) -> None:
    read = table.read(text)
    assert len(read) == len(text)
    for at, (atom, sound) in enumerate(zip(text, read, strict=True)):
        around = {spelled([table.characters.get(atom)])}
        for phrase, sounds in table.phrases.items():
            for start in range(max(0, at - len(phrase) + 1), at + 1):
                if text[start : start + len(phrase)] == list(phrase):
                    around.add(sounds.split()[at - start])
        assert spelled([sound]) in around


@given(table=tables(), text=st.text(CHARACTERS))
def test_without_phrases_each_character_is_read_by_itself(table: Readings, text: str) -> None:
    assert Readings(table.characters, {}).read(text) == [table.characters.get(character) for character in text]


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("银行", "yin hang"),
        ("行动", "xing dong"),
        ("音乐", "yin yue"),
        ("快乐", "kuai le"),
        ("重复", "chong fu"),
        ("重量", "zhong liang"),
        ("女人", "nv ren"),
    ],
)
def test_the_real_table_tells_a_character_by_its_word(readings: Readings, text: str, spoken: str) -> None:
    assert [sound and sound[0] for sound in readings.read(text)] == spoken.split()


def test_real_readings_are_letters_with_a_tone_of_one_to_five(readings: Readings) -> None:
    in_phrases = " ".join(readings.phrases.values()).split()
    for sound in {*in_phrases, *(spelled([sound]) for sound in readings.characters.values())}:
        assert re.fullmatch("[a-z]+[1-5]", sound)


def test_only_characters_that_stand_for_themselves_have_a_reading(readings: Readings) -> None:
    assert [character for character in readings.characters if not is_single(character)] == []


@given(table=tables())
def test_readings_are_read_as_they_were_written(tmp_path_factory: pytest.TempPathFactory, table: Readings) -> None:
    folder = tmp_path_factory.mktemp("readings")
    digest = write_readings(folder, table)
    read = read_readings(folder)
    assert (read.characters, read.phrases, read.classes) == (table.characters, table.phrases, table.classes)
    assert write_readings(folder, Readings(table.characters, table.phrases)) == digest


def test_the_real_table_survives_its_file(tmp_path: Path, readings: Readings) -> None:
    write_readings(tmp_path, readings)
    read = read_readings(tmp_path)
    assert (read.characters, read.phrases, read.classes) == (readings.characters, readings.phrases, readings.classes)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_another_reading_makes_another_digest(tmp_path: Path) -> None:
    other = Readings({**SMALL.characters, "行": ("hang", 2)}, SMALL.phrases)
    assert write_readings(tmp_path, SMALL) != write_readings(tmp_path, other)


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"[]",
        b"{}",
        b"[{}, {}]",
        b"[{}, {}, {}, {}]",
        b"[3, {}, {}]",
        b"[{}, 3, {}]",
        b"[{}, {}, 3]",
        b"\xff\xfe\x00",
        '[{"ma1": "妈"'.encode(),
        '[{"ma": "妈"}, {}, {}]'.encode(),
        b'[{"ma1": 5}, {}, {}]',
        '[{"": "妈"}, {}, {}]'.encode(),
        '[{}, {"银行": 5}, {}]'.encode(),
        '[{"ma1": "妈"}, {}, {}]'.encode(),
        '[{"ma1": "妈"}, {}, {"ma": 256}]'.encode(),
    ],
)
def test_a_damaged_file_is_one_line_that_names_it_and_the_cure(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / FILE).write_bytes(damaged)
    with pytest.raises(IndexProblem) as problem:
        read_readings(tmp_path)
    assert str(problem.value).startswith(f"{tmp_path / FILE}: ")
    assert "--rebuild" in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_missing_file_is_a_problem_too(tmp_path: Path) -> None:
    with pytest.raises(IndexProblem, match="--rebuild"):
        read_readings(tmp_path)


@pytest.mark.parametrize(
    ("one", "other"),
    [("zhang", "zan"), ("chi", "ci"), ("shen", "seng"), ("nan", "lang"), ("ri", "li"), ("hui", "fui"), ("xing", "xin")],
)
def test_syllables_that_are_taken_for_each_other_have_one_form(one: str, other: str) -> None:
    assert near_form(one) == near_form(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ma", "na"), ("ba", "pa"), ("zhong", "zhun"), ("jing", "qing"), ("ou", "ong"), ("lv", "lu")]
)
def test_syllables_that_differ_more_have_two(one: str, other: str) -> None:
    assert near_form(one) != near_form(other)


def test_the_form_of_a_form_is_itself(readings: Readings) -> None:
    for syllable in readings.syllables:
        assert near_form(near_form(syllable)) == near_form(syllable)


def test_every_syllable_has_one_class_that_fits_a_byte_and_is_not_silence(readings: Readings) -> None:
    assert readings.classes.keys() == readings.syllables
    assert set(readings.classes.values()) <= set(range(1, 256))
    assert NO_SOUND not in readings.classes.values()


def test_syllables_of_one_form_share_a_class_and_few_others_do(readings: Readings) -> None:
    forms: dict[int, set[str]] = {}
    for syllable, number in readings.classes.items():
        forms.setdefault(number, set()).add(near_form(syllable))
    shared = [number for number, several in forms.items() if len(several) > 1]
    assert sum(map(len, forms.values())) == len({near_form(syllable) for syllable in readings.syllables})
    assert shared in ([], [255])


def test_of_the_classes_that_are_shared_the_members_are_rare(readings: Readings) -> None:
    common = [readings.classes[syllable] for syllable in ("shi", "de", "ma", "gao", "shang", "hua", "zhong")]
    assert 255 not in common


@given(units=st.text(st.sampled_from([*CHARACTERS, "，", "a", "\ue000", "\u0100", "\U000f0000"])))
def test_a_code_has_one_byte_a_unit_silent_where_there_is_no_reading(readings: Readings, units: str) -> None:
    code = readings.code(units)
    assert len(code) == len(units)
    for unit, number in zip(units, code, strict=True):
        sound = readings.characters.get(unit)
        assert number == (readings.classes[sound[0]] if sound else NO_SOUND)


@given(table=tables(), units=st.text(CHARACTERS))
def test_the_codes_of_any_table_are_those_of_its_classes(table: Readings, units: str) -> None:
    sounds = [table.characters.get(unit) for unit in units]
    assert list(table.code(units)) == [table.classes[sound[0]] if sound else NO_SOUND for sound in sounds]


def test_only_words_that_are_read_otherwise_have_a_code_of_their_own(readings: Readings) -> None:
    expected = bytes(readings.classes[syllable] for syllable in ("yin", "hang"))
    assert readings.phrase_code("银行") == expected
    assert bytes(readings.code("银行")) != expected
    assert readings.phrase_code("行动") is None


def test_a_text_sounds_the_same_in_every_word_unless_one_of_its_characters_does_not() -> None:
    readings = Readings({"银": ("yin", 2), "行": ("xing", 2), "人": ("ren", 2)}, {"银行": "yin2 hang2"})
    number = readings.classes
    assert readings.are_always([number["yin"], number["ren"]], "银人")
    assert not readings.are_always([number["hang"], number["ren"]], "行人")
    assert not readings.are_always([number["xing"], number["ren"]], "行人")
    assert not readings.are_always([number["yin"]], "银人")
    assert not readings.are_always([number["ren"]], ["a"])
