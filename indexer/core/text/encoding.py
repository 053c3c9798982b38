"""Decodes transcript bytes: UTF-8, UTF-16, GB18030 and Big5 by inspection, anything else by a reported guess."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice

# The most common characters of written and spoken Chinese, Simplified and Traditional. They make up about a third of
# real text, and almost none of text decoded with the wrong encoding.
_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实"
    "這個們來為國說時會對過發後裡經麼學現當沒動還進樣開從實吧啊呢嗯吗嗎哈什很话話"
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_REPLACEMENT = "\ufffd"

# The highest share of undecodable characters at which an encoding is still accepted.
_MOST_DAMAGE = 0.01
# The lowest share of common characters at which a legacy encoding is accepted.
_LEAST_COMMON = 0.12
_MOST_OFFSETS = 1000
_SAMPLE = 1 << 20
"""Bytes used for guessing, since about a hundred encodings are tried on all of them."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Decoded text. `lost` counts the undecodable characters, `damaged` holds the character offsets of the first ones,
    `guessed` marks a statistical guess."""

    text: str
    encoding: str
    damaged: tuple[int, ...] = ()
    guessed: bool = False
    lost: int = 0


def decode(data: bytes) -> Decoded:
    """Decodes a transcript file. Never raises: undecodable bytes become U+FFFD and their offsets are reported."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _damaged(data, name)
    if data.count(0) > len(data) // 20:
        return _damaged(data, _utf16_without_bom(data))
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    utf8 = _damaged(data, "utf-8")
    if utf8.lost <= _MOST_DAMAGE * len(utf8.text) and _common_share(utf8.text) >= _LEAST_COMMON:
        return utf8
    best = max((_damaged(data, name) for name in ("gb18030", "big5hkscs")), key=_plausibility)
    if _plausibility(best) >= _LEAST_COMMON:
        return best
    return _guess(data) or utf8


def _utf16_without_bom(data: bytes) -> str:
    """The byte order: digits and line ends have a zero high byte, on one side or the other."""
    return "utf-16-le" if data[1::2].count(0) > data[0::2].count(0) else "utf-16-be"


def _damaged(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
    offsets = islice((match.start() for match in re.finditer(_REPLACEMENT, text)), _MOST_OFFSETS)
    return Decoded(text, encoding, tuple(offsets), lost=text.count(_REPLACEMENT))


def _common_share(text: str) -> float:
    """Common Chinese characters as a share of the non-ASCII characters."""
    foreign = {character: count for character, count in Counter(text).items() if character > "\x7f"}
    common = sum(count for character, count in foreign.items() if character in _COMMON)
    return common / sum(foreign.values()) if foreign else 0.0


def _plausibility(decoded: Decoded) -> float:
    damage = decoded.lost / max(1, len(decoded.text))
    return _common_share(decoded.text) if damage <= _MOST_DAMAGE else 0.0


def _guess(data: bytes) -> Decoded | None:
    from charset_normalizer import from_bytes

    head = data if len(data) <= _SAMPLE else data[: data.rfind(b"\n", 0, _SAMPLE) + 1] or data[:_SAMPLE]
    match = from_bytes(head).best()
    if match is None:
        return None
    text = str(match) if head is data else data.decode(match.encoding, "replace")
    return Decoded(text, match.encoding, guessed=True)
