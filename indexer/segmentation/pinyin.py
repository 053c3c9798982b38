"""Builds the readings from the installed pypinyin, once, and caches them for later indexes.

Loading pypinyin and its 47,000 phrases takes a second, most of the time a small index needs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from indexer.core.errors import IndexProblem
from indexer.core.positions.token_stream import is_basic
from indexer.core.processes.isolated_process import run_in_child
from indexer.core.words.pronunciation import PHRASE_ATOMS, Readings, Sound, read_readings, write_readings


def pypinyin_readings(folding: Mapping[str, str], cache: Path | None = None) -> Readings:
    """The readings of the characters that folded text may contain. pypinyin's first reading is the usual one.

    `cache` is a folder of this user; if it is None or not writable, the readings are built anew.
    """
    place = None if cache is None else cache / f"readings-{_key(folding)}"
    if place is not None:
        with suppress(IndexProblem):  # missing or damaged
            return read_readings(place)
    readings = run_in_child(_make, folding)
    if place is not None:
        with suppress(OSError):  # the cache only saves time
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_readings(place, readings)
    return readings


def _key(folding: Mapping[str, str]) -> str:
    """Changes whenever different readings would result."""
    from importlib.metadata import version

    parts = version("pypinyin"), PHRASE_ATOMS, sorted(folding.items())
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _make(folding: Mapping[str, str]) -> Readings:
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    characters = {
        chr(code): _sound(spelled.partition(",")[0])
        for code, spelled in PINYIN_DICT.items()
        if is_basic(chr(code)) and folding.get(chr(code), chr(code)) == chr(code)
    }
    phrases = {}
    for phrase, spelled_by_character in PHRASES_DICT.items():
        if len(phrase) in PHRASE_ATOMS and characters.keys() >= set(phrase):
            read = tuple(_sound(spelled[0]) for spelled in spelled_by_character)
            if _toneless(read) != _toneless(characters[c] for c in phrase):
                phrases[phrase] = " ".join(f"{syllable}{tone}" for syllable, tone in read)
    return Readings(characters, phrases)


@lru_cache(4096)
def _sound(spelled: str) -> Sound:
    """The sound of a syllable spelled with a tone mark; there are about 1,300."""
    from pypinyin.contrib.tone_convert import to_tone3

    numbered = to_tone3(spelled, v_to_u=False, neutral_tone_with_five=True)
    return numbered[:-1], int(numbered[-1])


def _toneless(sounds: Iterable[Sound]) -> list[str]:
    return [syllable for syllable, _ in sounds]
