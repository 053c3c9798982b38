"""The ear finds what sounds alike from word border to word border, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.library import Line, Tools, atoms_of, spaced, write_lines

from indexer.core.errors import IndexProblem
from indexer.core.positions.timeline import lay_out
from indexer.core.positions.tokens import is_single
from indexer.core.text.folding import Folding
from indexer.core.types import Cue
from indexer.core.words.pronunciation import NO_SOUND, Readings, Sound, near_form
from indexer.segmentation.segmenter import Segmenter
from indexer.segmentation.words import place_words
from indexer.store.fields.sounds import sound_classes
from indexer.store.fields.word_boundaries import INSIDE, NEW_WORD, WORD, Marks, pack_marks
from indexer.store.segments.corruption import Reading
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.expansion.similarity import phonetic
from search.expansion.similarity.phonetic import PhoneticMatcher, SoundLikeness
from search.matching.shapes import Shape

# Without characters that are read in several ways: how a run is read does not depend on what surrounds it.
PIECES = (
    *("搞笑", "稿件", "小鸟", "晓料", "孝廖", "经济", "惊奇", "静寂", "精细", "星系", "新喜", "狮子", "丝子", "诗词"),
    *("搞", "笑", "稿", "小", "辽", "喜", "狮", "四", "料", "寂"),
    *("GPU", "7", "，", "。", " "),
)


@contextmanager
def snapshot_of(tools: Tools, episodes: Mapping[str, Sequence[Line]]) -> Iterator[EmbeddedSnapshot]:
    with TemporaryDirectory() as folder:
        show = Path(folder, "show")
        for name, lines in episodes.items():
            write_lines(show / f"{name}.srt", lines)
        yield EmbeddedSnapshot(tools.index([show], Path(folder, "index")))


Found = dict[tuple[str, Shape], tuple[SoundLikeness, dict[int, list[int]]]]
"""(text, shape) -> how alike it sounds, and where it stands."""


def naive_likeness(sounds: Sequence[Sound], read: Sequence[Sound | None]) -> SoundLikeness | None:
    if any(one is None or near_form(one[0]) != near_form(sound[0]) for sound, one in zip(sounds, read, strict=True)):
        return None
    said = [one for one in read if one is not None]
    if [one[0] for one in said] != [sound[0] for sound in sounds]:
        return SoundLikeness.NEAR
    same = all(sound[1] in (0, one[1]) for sound, one in zip(sounds, said, strict=True))
    return SoundLikeness.SAME_TONES if same else SoundLikeness.SAME_SYLLABLES


def naive_shape(marks: Marks, begin: int, end: int) -> Shape:
    """Of two atoms and more."""
    begins = [int(bit) for bit in marks.begins]
    if not begins[begin] or (end < len(begins) and not begins[end]):
        return Shape.INSIDE
    if any(begins[begin + 1 : end]):
        return Shape.RUN
    return Shape.NEW_WORD if int(marks.new[begin]) else Shape.WORD


def naively_heard(
    snapshot: EmbeddedSnapshot, tools: Tools, sounds: Sequence[Sound], most: SoundLikeness, inside: bool
) -> Found:
    """Looks at every run of every episode."""
    found: Found = {}
    for episode in snapshot.episodes():
        atoms = [atom for atom, _ in atoms_of(snapshot.text(episode)[0], tools.folding)]
        for begin in range(len(atoms) - len(sounds) + 1):
            run = atoms[begin : begin + len(sounds)]
            likeness = naive_likeness(sounds, tools.readings.read(run))
            shape = naive_shape(snapshot.marks(episode), begin, begin + len(sounds))
            if likeness is not None and likeness <= most and (inside or shape is not Shape.INSIDE):
                found.setdefault(("".join(run), shape), (likeness, {}))[1].setdefault(episode, []).append(begin)
    return found


cue_lists = st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), min_size=1, max_size=6)


@st.composite
def spoken(draw: st.DrawFn, tools: Tools, texts: Sequence[str]) -> list[Sound]:
    """The sound of a few characters of the texts, now and then with another tone, none, or a syllable like it."""
    characters = [c for c in "".join(texts) if is_single(c)]
    begin = draw(st.integers(0, len(characters) - 2))
    sounds = []
    for sound in tools.readings.read(characters[begin : begin + draw(st.integers(2, 4))]):
        assert sound is not None
        alike = sorted(s for s in tools.readings.syllables if near_form(s) == near_form(sound[0]))
        syllable = draw(st.sampled_from([*[sound[0]] * len(alike), *alike]))
        sounds.append((syllable, draw(st.sampled_from([sound[1], sound[1], 0, 1, 4]))))
    return sounds


def test_the_characters_of_the_property_below_are_read_in_one_way(readings: Readings) -> None:
    characters = {c for piece in PIECES for c in piece if is_single(c)}
    assert [phrase for phrase in readings.phrases if characters.issuperset(phrase)] == []


@settings(max_examples=30)
@given(data=st.data(), one=cue_lists, other=cue_lists)
def test_the_ear_finds_what_a_look_at_every_run_finds(
    tools: Tools, data: st.DataObject, one: list[str], other: list[str]
) -> None:
    with snapshot_of(tools, {"a": spaced(one), "b": spaced([*other, "搞笑小鸟"])}) as snapshot:
        matcher = PhoneticMatcher(snapshot)
        for _ in range(10):
            sounds = data.draw(spoken(tools, [*one, *other, "搞笑小鸟"]))
            most = data.draw(st.sampled_from(SoundLikeness))
            inside = data.draw(st.booleans())
            heard = matcher.match(sounds, most, inside)
            found = {(one.atoms, one.shape): (one.likeness, one.places) for one in heard}
            assert len(found) == len(heard)
            assert found == naively_heard(snapshot, tools, sounds, most, inside)
            assert [one.likeness for one in heard] == sorted(one.likeness for one in heard)


@pytest.mark.parametrize(
    ("text", "spelled", "found"),
    [
        ("去银行", "yin hang", [("银行", SoundLikeness.SAME_SYLLABLES)]),
        ("去银行", "yin xing", []),
        ("不行动", "xing dong", [("行动", SoundLikeness.SAME_SYLLABLES)]),
        ("听音乐", "yin1 yue4", [("音乐", SoundLikeness.SAME_TONES)]),
        ("很快乐", "kuai le", [("快乐", SoundLikeness.SAME_SYLLABLES)]),
    ],
)
def test_a_word_is_heard_as_it_is_read_in_the_text(
    tools: Tools, text: str, spelled: str, found: list[tuple[str, SoundLikeness]]
) -> None:
    sounds = [(s.rstrip("12345"), int(s[-1]) if s[-1].isdigit() else 5) for s in spelled.split()]
    with snapshot_of(tools, {"a": spaced([text])}) as snapshot:
        assert [
            (heard.atoms, heard.likeness) for heard in PhoneticMatcher(snapshot).match(sounds, SoundLikeness.NEAR)
        ] == found


def test_what_sounds_alike_is_not_heard_across_the_end_of_an_episode(tools: Tools) -> None:
    with snapshot_of(tools, {"a": spaced(["小鸟搞"]), "b": spaced(["笑话"])}) as snapshot:
        assert PhoneticMatcher(snapshot).match([("gao", 0), ("xiao", 0)], SoundLikeness.NEAR, inside=True) == []


@pytest.mark.parametrize(("name", "sounds"), [("gao", [("gao", 0)]), ("gpu", None), ("高", [("gao", 1)]), ("7", None)])
def test_a_name_that_is_a_syllable_is_read_as_one(tools: Tools, name: str, sounds: list[Sound] | None) -> None:
    with snapshot_of(tools, {"a": spaced(["小鸟"])}) as snapshot:
        assert PhoneticMatcher(snapshot).sounds([name]) == sounds


@pytest.mark.parametrize(
    ("spelled", "found"),
    [
        ("mao shang xing", ["搞上星"]),
        ("gu shang xing", ["搞上星"]),
        ("gao sang xu", ["搞上星"]),
        ("mu shang xing", []),
        ("mao shang xu", []),
        ("gao shang xing", []),
        ("gao san xin", []),
    ],
)
def test_one_syllable_of_what_is_half_heard_has_the_right_beginning_or_end(
    tools: Tools, spelled: str, found: list[str]
) -> None:
    with snapshot_of(tools, {"a": spaced(["搞上星", "你好吗"])}) as snapshot:
        sounds = [(syllable, 0) for syllable in spelled.split()]
        assert [heard.atoms for heard in PhoneticMatcher(snapshot).match_half(sounds)] == found


def test_what_overlaps_is_heard_as_well(tools: Tools) -> None:
    with snapshot_of(tools, {"a": spaced(["笑，笑，笑"])}) as snapshot:
        (heard,) = PhoneticMatcher(snapshot).match_pieces([{"xiao"}, {"xiao"}])
        assert list(heard.places.values()) == [[0, 1]]


@given(marks=st.lists(st.sampled_from((INSIDE, WORD, NEW_WORD)), max_size=300))
def test_packed_marks_are_unpacked(marks: list[int]) -> None:
    unpacked = Marks(pack_marks(bytes(marks)), len(marks))
    assert [bit == "1" for bit in unpacked.begins] == [mark != INSIDE for mark in marks]
    assert [bit == "1" for bit in unpacked.new] == [mark == NEW_WORD for mark in marks]


def test_marks_that_are_not_one_for_each_atom_are_damaged() -> None:
    packed = pack_marks(bytes([WORD] * 12))
    for wrong in (packed[:1], b"\xff" + packed[1:]):  # more than twelve bits in two bytes
        with pytest.raises(ValueError, match="cut off"):
            _ = Marks(wrong, 12).begins
    with pytest.raises(ValueError, match="cut off"):
        Marks(packed, 1 << 60)  # more than any memory has
    with pytest.raises(IndexProblem, match="folder: the index cannot be read"):
        _ = Marks(packed[:-3], 12, Reading(Path("folder"))).new


def test_what_one_episode_ends_with_and_the_next_begins_with_is_not_heard(tools: Tools) -> None:
    with snapshot_of(tools, {"a": spaced(["我喜欢高"]), "b": spaced(["伤心的高商"])}) as snapshot:
        (heard,) = PhoneticMatcher(snapshot).match_pieces([{"gao"}, {"shang"}])
        assert list(heard.places.values()) == [[3]]
        found = snapshot.sounding([range(256), range(256)])
        assert {episode: places[-1] for episode, places in found} == {0: 2, 1: 3}  # two atoms before the end


def test_words_that_are_read_otherwise_have_their_own_classes(readings: Readings) -> None:
    xing, hang, yin = (readings.classes[syllable] for syllable in ("xing", "hang", "yin"))
    assert list(sound_classes("行银行，", {}, readings)) == [xing, yin, xing, NO_SOUND]
    assert list(sound_classes("行银行，", {"银行": [1], "行": [0]}, readings)) == [xing, yin, hang, NO_SOUND]


def cues_of(texts: Sequence[str]) -> list[Cue]:
    return [Cue(number * 2.0, number * 2.0 + 2.0, text) for number, text in enumerate(texts)]


def naive_marks(units: str, borders: Sequence[int], segmenter: Segmenter) -> list[int]:
    """Cuts what stands between two borders or names, and marks the first character of each word."""
    marks: list[int] = []
    while len(marks) < len(units):
        begin = end = len(marks)
        while end < len(units) and is_single(units[end]) and (end == begin or end not in borders):
            end += 1
        words = segmenter.cut(units[begin:end]) if end > begin else [units[begin]]
        for word in words:
            known = WORD if segmenter.knows(word) else NEW_WORD
            marks += [WORD if len(word) == 1 else known, *[INSIDE] * (len(word) - 1)]
    return marks


@given(texts=cue_lists)
def test_marks_tell_where_words_begin_and_whether_the_dictionary_has_them(
    folding: Folding, segmenter: Segmenter, texts: list[str]
) -> None:
    timeline = lay_out(cues_of(texts), folding)
    marks = place_words(timeline, segmenter).marks
    assert list(marks) == naive_marks(timeline.units, timeline.borders, segmenter)


@pytest.mark.parametrize(
    ("texts", "marks"),
    [
        (["银行"], [WORD, INSIDE]),
        (["高商"], [NEW_WORD, INSIDE]),
        (["银", "行"], [WORD, INSIDE]),
        (["银，行"], [WORD, WORD]),
        (["GPU银行7"], [WORD, WORD, INSIDE, WORD]),
        ([""], []),
    ],
)
def test_marks_of_a_few_texts(folding: Folding, segmenter: Segmenter, texts: list[str], marks: list[int]) -> None:
    assert list(place_words(lay_out(cues_of(texts), folding), segmenter).marks) == marks


def test_what_a_word_sounds_like_is_looked_for_once_within_its_room(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    with snapshot_of(tools, {"a": spaced(["搞笑小鸟", "高校笑了"])}) as snapshot:
        asked: list[object] = []
        sounding = snapshot.sounding
        monkeypatch.setattr(snapshot, "sounding", lambda classes, itself="": asked.append(classes) or sounding(classes))
        matcher = PhoneticMatcher(snapshot)
        words = [[("gao", 3), ("xiao", 4)], [("xiao", 3), ("niao", 3)]]
        first = [matcher.match(word, SoundLikeness.NEAR) for word in words]
        assert [matcher.match(word, SoundLikeness.NEAR) for word in words] == first
        assert len(asked) == 2
        assert matcher.match(words[0], SoundLikeness.SAME_TONES) != first[0]
        monkeypatch.setattr(phonetic, "_MOST_KEPT", 12)
        for _ in range(2):
            assert matcher.match(words[1], SoundLikeness.NEAR, inside=True)
        assert len(asked) == 5
