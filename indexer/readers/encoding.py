"""Bytes to text: UTF-8, UTF-16, GB18030 and Big5 by what the bytes say, anything else by a reported guess."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

# The commonest characters of written and spoken Chinese, Simplified and Traditional. Real text is
# about a third made of them; the same bytes read in the wrong encoding almost never are.
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

# One damaged character in a hundred still counts as the encoding, damaged; more counts against it.
_MOST_DAMAGE = 0.01
# Share of common characters below which a legacy encoding is not believed.
_LEAST_COMMON = 0.12


@dataclass(frozen=True, slots=True)
class Decoded:
    """`damaged` holds the offsets of characters that could not be decoded; `guessed` marks a statistical guess."""

    text: str
    encoding: str
    damaged: tuple[int, ...] = ()
    guessed: bool = False


def decode(data: bytes) -> Decoded:
    """The text of a transcript file. Never raises: what cannot be decoded becomes U+FFFD and is listed."""
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
    if len(utf8.damaged) <= _MOST_DAMAGE * len(utf8.text) and _common_share(utf8.text) >= _LEAST_COMMON:
        return utf8
    best = max((_damaged(data, name) for name in ("gb18030", "big5hkscs")), key=_plausibility)
    if _plausibility(best) >= _LEAST_COMMON:
        return best
    return _guess(data) or utf8


def _utf16_without_bom(data: bytes) -> str:
    """The digits and line ends of a subtitle file have a zero byte; on which side tells the byte order."""
    return "utf-16-le" if data[1::2].count(0) > data[0::2].count(0) else "utf-16-be"


def _damaged(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
    return Decoded(text, encoding, tuple(i for i, c in enumerate(text) if c == _REPLACEMENT))


def _common_share(text: str) -> float:
    """Common Chinese characters as a share of all characters that are not ASCII."""
    foreign = [c for c in text if c > "\x7f"]
    return sum(c in _COMMON for c in foreign) / len(foreign) if foreign else 0.0


def _plausibility(decoded: Decoded) -> float:
    damage = len(decoded.damaged) / max(1, len(decoded.text))
    return _common_share(decoded.text) if damage <= _MOST_DAMAGE else 0.0


def _guess(data: bytes) -> Decoded | None:
    from charset_normalizer import from_bytes

    match = from_bytes(data).best()
    return None if match is None else Decoded(str(match), match.encoding, guessed=True)
