"""The fields of a JSON cue: each recogniser has its own names for start, end, text and speaker."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from indexer.core.named_tuples import NamedTuple
from indexer.core.text.clock_times import clock_seconds

START = ("start", "starttime", "begintime", "begin", "bg", "startms", "starttimems", "beginms")
END = ("end", "endtime", "stoptime", "stop", "ed", "endms", "endtimems", "stopms")
TEXT = ("text", "content", "body", "onebest", "sentence", "word", "transcript")
SPEAKER = ("speakername", "speaker", "username", "spk", "role", "speakerid", "spkid", "speakerinfo", "user", "rl")
_NAME = ("name", "username", "speakername", "nickname", "id")
WORDS = ("words", "wordlist", "tokens", "wordsresultlist")

_NUMBER = re.compile(r"\s*([-+]?\d{1,15}(?:\.\d{1,12})?)(?:\s*(ms|s))?\s*$")
# The unit to which recognisers of Chinese assign a time: a character, or a word of letters and digits.
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:['’.\-][A-Za-z0-9]+)*|[^\W_]")


class Time(NamedTuple):
    """A time as written. `scale` converts it to seconds, or is None if it must be inferred; `whole` marks integers."""

    number: float
    scale: float | None
    whole: bool


def field(item: Mapping[str, object], names: tuple[str, ...]) -> tuple[str, object]:
    """The first of the named fields that is present and not null, by its plain name; ("", None) if there is none."""
    keys = tuple(item)
    for name, key in (_known_keys if len(keys) <= _USUAL else _keys)(keys, names):
        if item[key] is not None:
            return name, item[key]
    return "", None


def text_of(item: Mapping[str, object]) -> str | None:
    """The text of an item; None if it has no such field."""
    _, value = field(item, TEXT)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return value if isinstance(value, str) else str(value)


def speaker_of(item: Mapping[str, object]) -> str:
    """The speaker's name, or else number; empty if there is none."""
    _, value = field(item, SPEAKER)
    if isinstance(value, Mapping):
        _, value = field(value, _NAME)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()


def time_of(item: Mapping[str, object], names: tuple[str, ...]) -> Time | None:
    """The time in the first of these fields that can be parsed; None if there is none.

    >>> time_of({"begin_time": "4950"}, START)
    Time(number=4950.0, scale=None, whole=True)
    >>> time_of({"startMs": 20}, START), time_of({"Start": "01:02.5"}, START)
    (Time(number=20.0, scale=0.001, whole=True), Time(number=62.5, scale=1.0, whole=False))
    """
    name, value = field(item, names)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        number, unit, whole = float(value), "", isinstance(value, int)
    elif isinstance(value, str) and (match := _NUMBER.match(value)):
        number, unit, whole = float(match[1]), match[2] or "", "." not in match[1]
    else:
        return _clock(value) if isinstance(value, str) else None
    if math.isnan(number):
        return None
    if unit == "ms" or name.endswith("ms"):
        return Time(number, 0.001, whole)
    return Time(number, 1.0 if unit else None, whole)


def _clock(value: str) -> Time | None:
    seconds = clock_seconds(value)
    return None if seconds is None else Time(seconds, 1.0, False)


def stamped_words(item: Mapping[str, object]) -> list[dict[str, object]]:
    """The words of FunASR's `timestamp` as items; it has one pair of times per Chinese character or Latin word.

    >>> stamped_words({"text": "用 GPU。", "timestamp": [[0, 300], [300, 900]]})
    [{'text': '用 ', 'start': 0, 'end': 300}, {'text': 'GPU。', 'start': 300, 'end': 900}]
    """
    _, stamps = field(item, ("timestamp",))
    if not isinstance(stamps, list):
        return []
    text = text_of(item) or ""
    begins = [token.start() for token in _TOKEN.finditer(text)]
    if not begins or len(stamps) != len(begins):
        return []
    pieces = [text[begin:end] for begin, end in pairwise([0, *begins[1:], len(text)])]
    pairs = [stamp[:2] if isinstance(stamp, list) and len(stamp) > 1 else [None, None] for stamp in stamps]
    return [{"text": piece, "start": pair[0], "end": pair[1]} for piece, pair in zip(pieces, pairs, strict=True)]


def _keys(keys: tuple[str, ...], names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The names that occur among the keys of an object, in the order of `names`, each with its key."""
    plain = {key.replace("_", "").replace("-", "").lower(): key for key in keys}
    return tuple((name, plain[name]) for name in names if name in plain)


_USUAL = 64
"""Key lists longer than this are not cached."""


@lru_cache(1024)  # the objects of a file have the same keys
def _known_keys(keys: tuple[str, ...], names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return _keys(keys, names)
