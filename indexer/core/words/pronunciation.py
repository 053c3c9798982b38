"""Readings: the Mandarin pronunciation of characters, as syllables with tones.

Speech recognition errs by sound, so tolerant search compares the sounds of query and transcript. The table is built
once with pypinyin and stored in the index, so that both sides agree and a search never loads pypinyin.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, TypeAlias

from indexer.core.errors import IndexProblem, system_reason
from indexer.core.files.mapped_files import AnyPath, place, read_file
from indexer.core.messages import _

if TYPE_CHECKING:
    from pathlib import Path

FILE = "readings.json"

Sound: TypeAlias = tuple[str, int]
"""A syllable in letters without tone (ü as v), and the tone: 1 to 5, 5 for neutral."""

NO_SOUND = 0
"""The sound class of an atom without a reading."""
_CLASSES = 255
_NUMBERS = frozenset(range(1, _CLASSES + 1))

_INITIAL = re.compile(r"([zcs]h|[bpmfdtnlgkhjqxrzcsyw])?(.*)")
_NEAR_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "r": "l", "h": "f"}
PHRASE_ATOMS = range(2, 5)
"""The lengths in characters of the phrases kept; longer ones are proverbs."""


class Readings:
    """The readings of characters, and of phrases that are pronounced differently from their characters.

    `characters` maps a character to its usual sound. `phrases` maps a phrase to its sounds as a string, parsed on
    demand because most of the few thousand are never needed.

    >>> Readings({"银": ("yin", 2), "行": ("xing", 2)}, {"银行": "yin2 hang2"}).read("银行 行")
    [('yin', 2), ('hang', 2), None, ('xing', 2)]
    """

    def __init__(
        self, characters: Mapping[str, Sound], phrases: Mapping[str, str], classes: Mapping[str, int] | None = None
    ) -> None:
        self.characters = characters
        self.phrases = phrases
        if classes is not None:  # as stored: a search has no time to compute them
            self.classes = classes

    def read(self, text: Sequence[str]) -> list[Sound | None]:
        """The sound of each atom; None for one without a reading."""
        sounds: list[Sound | None] = []
        while len(sounds) < len(text):
            phrase = self._phrase_at(text, len(sounds))
            if phrase is None:
                sounds.append(self.characters.get(text[len(sounds)]))
            else:
                sounds.extend(phrase)
        return sounds

    def _phrase_at(self, text: Sequence[str], start: int) -> tuple[Sound, ...] | None:
        """The sounds of the longest phrase that begins at `start`; None if there is none."""
        for size in reversed(PHRASE_ATOMS):
            spelled = self.phrases.get("".join(text[start : start + size])) if start + size <= len(text) else None
            if spelled is not None and len(sounds := _parse(spelled)) == size:
                return sounds
        return None

    @property
    def syllables(self) -> Collection[str]:
        """All syllables, without tones."""
        return self.classes.keys()

    @cached_property
    def classes(self) -> Mapping[str, int]:
        """Maps each syllable to its sound class, 1 to 255; easily confused syllables share one.

        There are slightly more classes than numbers; the rarest share the last one.
        """
        members = Counter(near_form(syllable) for syllable, _ in self.characters.values())
        in_phrases = {syllable for syllable, _ in _parse(" ".join(self.phrases.values()))}
        members.update(dict.fromkeys(map(near_form, in_phrases), 0))
        ordered = sorted(members, key=lambda form: (-members[form], form))
        number = {form: min(place, _CLASSES) for place, form in enumerate(ordered, 1)}
        syllables = in_phrases | {syllable for syllable, _ in self.characters.values()}
        return {syllable: number[near_form(syllable)] for syllable in sorted(syllables)}

    def are_always(self, numbers: Sequence[int], text: Sequence[str]) -> bool:
        """True if the atoms of a text have these sound classes wherever they are said, whatever words they are in."""
        return len(numbers) == len(text) and all(
            atom <= "\uffff"  # rarer characters are coded as names are, without a sound
            and atom not in self._several
            and (sound := self.characters.get(atom)) is not None
            and self.classes[sound[0]] == number
            for number, atom in zip(numbers, text, strict=True)
        )

    def classes_of(self, character: str) -> frozenset[int]:
        """Every sound class that a character may have: the usual one, and those in phrases; empty without a reading."""
        sound = self.characters.get(character)
        usual = frozenset[int]() if sound is None else {self.classes[sound[0]]}
        return (self._in_phrases.get(character, frozenset()) | usual) - {NO_SOUND}

    def characters_of(self, numbers: Collection[int]) -> str:
        """The characters of the basic plane that may have one of these sound classes, in order."""
        return "".join(sorted({character for number in numbers for character in self._by_class.get(number, ())}))

    @cached_property
    def _by_class(self) -> Mapping[int, Sequence[str]]:
        found: defaultdict[int, list[str]] = defaultdict(list)
        for character, sound in self.characters.items():
            if character <= "\uffff":
                found[self.classes[sound[0]]].append(character)
        for character, numbers in self._in_phrases.items():
            for number in numbers if character <= "\uffff" else ():
                found[number].append(character)
        return found

    @cached_property
    def _several(self) -> frozenset[str]:
        """The characters that have another sound class in some phrase."""
        usual = {character: self.classes[syllable] for character, (syllable, _) in self.characters.items()}
        return frozenset(
            character for character, numbers in self._in_phrases.items() if numbers != {usual.get(character)}
        )

    @cached_property
    def _in_phrases(self) -> Mapping[str, frozenset[int]]:
        """The sound classes of each character of a phrase, in all phrases."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for phrase, spelled in self.phrases.items():
            for character, sound in zip(phrase, _parse(spelled), strict=False):
                found[character].add(self.classes.get(sound[0], NO_SOUND))
        return {character: frozenset(numbers) for character, numbers in found.items()}

    @cached_property
    def _codes(self) -> dict[int, str]:
        classes = {syllable: chr(number) for syllable, number in self.classes.items()}
        return _Codes((ord(c), classes[syllable]) for c, (syllable, _) in self.characters.items())

    def code(self, units: str) -> bytearray:
        """The usual sound class of each unit, one byte per unit."""
        return bytearray(units.translate(self._codes), "latin-1")

    def phrase_code(self, word: str) -> bytes | None:
        """The sound classes of a phrase with its own reading; None for any other word."""
        spelled = self.phrases.get(word)
        if spelled is None or len(sounds := _parse(spelled)) != len(word):
            return None
        return bytes(self.classes[syllable] for syllable, _ in sounds)


class _Codes(dict[int, str]):
    """A table for `str.translate`; characters without a reading map to `NO_SOUND`."""

    def __missing__(self, code: int) -> str:
        return chr(NO_SOUND)


@lru_cache(1024)
def near_form(syllable: str) -> str:
    """The common form of easily confused syllables: z/zh, c/ch, s/sh, n/l/r, h/f, -n/-ng.

    >>> near_form("shang"), near_form("san"), near_form("hui"), near_form("zhong")
    ('san', 'san', 'fui', 'zong')
    """
    initial, final = split_syllable(syllable)
    if re.search(r"[aei]ng$", final):
        final = final[:-1]
    return _NEAR_INITIALS.get(initial, initial) + final


def split_syllable(syllable: str) -> tuple[str, str]:
    """Splits a syllable into initial and final.

    >>> split_syllable("shang"), split_syllable("an")
    (('sh', 'ang'), ('', 'an'))
    """
    match = _INITIAL.fullmatch(syllable)
    assert match is not None
    return match[1] or "", match[2]


def write_readings(folder: Path, readings: Readings) -> str:
    """Writes the readings into the index folder; returns their digest."""
    from indexer.core.files.atomic_write import write_json  # late import: a search only reads

    by_sound: defaultdict[str, str] = defaultdict(str)
    for character, (syllable, tone) in readings.characters.items():
        by_sound[f"{syllable}{tone}"] += character
    write_json(folder / FILE, [by_sound, dict(readings.phrases), dict(readings.classes)])
    return readings_digest(folder)


def read_readings(folder: AnyPath, crc: int | None = None) -> Readings:
    """Reads the readings of an index and verifies them against `crc`, their CRC-32, if given. Raises IndexProblem if
    they are missing or damaged."""
    try:
        data = read_file(folder, FILE)
        if crc not in (None, zlib.crc32(data)):
            raise ValueError
        return _decoded(data)
    except OSError as error:
        what = _("cannot be read ({reason})").format(reason=system_reason(error))
    except (ValueError, TypeError, AttributeError, IndexError, RecursionError):
        what = _("does not hold the readings that were written")
    raise IndexProblem(
        _("{place}: {what}: make it anew with `podseek index --rebuild`").format(place=place(folder, FILE), what=what)
    )


@lru_cache(1)
def _decoded(data: bytes) -> Readings:
    """Decodes the bytes of a readings file. A process that indexes and searches, or opens a later commit, decodes them
    once. Raises the errors that `read_readings` handles."""
    by_sound, phrases, classes = json.loads(data)
    characters: dict[str, Sound] = {}
    for sound, members in by_sound.items():
        read = sound[:-1], int(sound[-1])
        for character in members:  # sooner than an update
            characters[character] = read
    spoken = {sound[:-1] for sound in by_sound}
    if not spoken or spoken - classes.keys() or set(classes.values()) - _NUMBERS:
        raise ValueError
    if set(map(type, phrases.values())) - {str}:
        raise ValueError
    return Readings(characters, phrases, classes)


def readings_digest(folder: AnyPath) -> str:
    """The digest of the readings file of an index. Raises OSError if it is missing."""
    import hashlib  # late import: it loads OpenSSL, which a search does not need

    return hashlib.sha256(read_file(folder, FILE)).hexdigest()[:16]


def readings_crc(folder: AnyPath) -> int:
    """The CRC-32 of the readings file of an index. Raises OSError if it is missing."""
    return zlib.crc32(read_file(folder, FILE))


def _parse(spelled: str) -> tuple[Sound, ...]:
    return tuple((sound[:-1], int(sound[-1])) for sound in spelled.split())
