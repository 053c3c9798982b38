"""Recognises damaged SubRip time lines. `missing_times` finds cues that have none.

Handles lines that `srt_times` does not accept as time lines. An unambiguous line is recognised anywhere; others only
where a cue is expected: after an empty line, or after a number missing from the sequence of cue numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.types import Complaint
from indexer.readers.subrip.srt_times import is_time

_LONGEST = 400
"""Characters of a line that are searched for times."""
_COLONS, _SEMICOLONS, _DOTS, _COMMAS = ":：︰﹕∶ː꞉", ";；﹔", ".．。｡·・•", ",，、､٫﹐"
_DASHES, _ARROWS = "-–—―−－‒‐‑~～_=＝﹣", ">＞→⟶⇒➔➜➝➞➡⟹⇨►▶»›》〉"
_ALIKE = str.maketrans(
    {
        **dict.fromkeys(_COLONS, ":"),
        **dict.fromkeys(_SEMICOLONS, ";"),
        **dict.fromkeys(_DOTS, "."),
        **dict.fromkeys(_COMMAS, ","),
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_ARROWS, ">"),
    }
)
_FOUR_DIGITS = re.compile(r"(?:\D*\d){4}")
_ARROW = re.compile(r"[-\s]*>[->\s]*")
_LONG_ARROW = re.compile(r"[ \t]-->[ \t]")
_ALONE = re.compile(r"\s*-{1,3}\s?-?>\s*$")
_GROUPS = re.compile(r"\d+")
# Hours, minutes and seconds, or minutes, seconds and thousandths; leading zeros are allowed.
_TIME = (
    r"(?<!\d)0{0,40}\d{1,4}\s?[:;.]\s?0{0,40}\d{2}\s?[:;.]\s?0{0,40}\d{2}(?:\s?[:;.,]\s?\d{1,80})?(?!\d)"
    r"|(?<!\d)0{0,40}\d{1,3}\s?[:;]\s?0{0,40}\d{2}\s?[.,;:]\s?0{0,40}\d{3}(?!\d)"
)
_FULL = re.compile(_TIME)
_THOUSANDTHS = re.compile(r"[.,]\s?\d{3,80}$")
# What may have been a time, up to its last digit: ASCII characters, and more digits after a space.
_MESSY = re.compile(r"\s*[!-~]{0,60}\d(?:\s[\d:;.,]{1,40}){0,4}")
_GOES_ON = re.compile(r"\s?[:;.,]+\s?\d")
# An intact time line after text that lost its line end, and WebVTT markup inside a text.
_EXACT = r"(?:\d\d:)?\d\d:\d\d[,.]\d{3}"
_APART = re.compile(rf"(?P<start>{_EXACT}) ?--> ?(?P<end>{_EXACT})(?:[ \t]+[a-z]{{1,20}}:\S{{1,40}}){{0,8}}[ \t\r]*$")
_APART_COMMA = re.compile(r"(?P<start>\d:\d\d:\d\d\.\d{3}),(?P<end>\d:\d\d:\d\d\.\d{3})[ \t\r]*$")
_STAMP = re.compile(r"<[\d:.,]{1,20}>")
_OPENING, _CLOSING = frozenset("[({<【"), frozenset("])}>】")
_TIMES_ONLY = re.compile(r"[\d:;.,\s\-|/]*$")
_GLUED = re.compile(r"(\d\d:\d\d:\d\d[,.]\d{3}|\d\d:\d\d[,.]\d{3})((?:\d\d:)?\d\d:\d\d[,.]\d{3})")
_SETTINGS = re.compile(r"(?:\s*(?:[A-Za-z]+\d?:\S+|\|+))*\s*$")
_NUMBER_BEFORE = re.compile(r"\s*\d{1,9}\s+(?=\d+\s?[:;.])")
_FEWEST_DIGITS, _MOST_LETTERS = 8, 4


class Meant(NamedTuple):
    """The times of a damaged line in a form that `srt_times` can parse ("" if unreadable), and the text after them.

    `certain` is True for an unambiguous line, `odd` if the times had to be guessed. `before` is text of the previous
    cue that lost its line end.
    """

    start: str
    end: str
    rest: str
    certain: bool
    odd: bool
    arrow: bool = False
    before: str = ""


def meant(line: str, between: str = "") -> Meant | None:
    """Interprets a damaged time line; None if the line was not meant to be one. `between` may take the place of an
    arrow.

    >>> meant("00;00;03,000 ⟶ 00;00;04,000")
    Meant(start='00:00:03,000', end='00:00:04,000', rest='', certain=True, odd=False, arrow=True, before='')
    >>> meant("00::03,000 --> 00:00:04,000")
    Meant(start='', end='00:00:04,000', rest='', certain=True, odd=True, arrow=True, before='')
    >>> meant("12:30-13:00"), meant("1990 --> 2000"), meant("升级 1.2.3 -> 1.2.4")
    (None, None, None)
    """
    apart = (_APART_COMMA if between else _APART).search(line) if between or "-->" in line else None
    if apart:
        before, start, end = line[: apart.start()], apart["start"], apart["end"]
        if _letters(before):
            return Meant(_written(start), _written(end), "", True, True, True, before.strip())
    plain, kept = _plain(line[:_LONGEST])
    found = _parsable(_read(plain, between))
    if found is None or (len(line) > _LONGEST and not found.rest):
        return None
    return found._replace(rest=line[kept[len(plain) - len(found.rest)] :].strip()) if found.rest else found


def _read(line: str, between: str) -> Meant | None:
    glued, number = _GLUED.search(line), _NUMBER_BEFORE.match(line)
    if glued:
        line = f"{line[: glued.end(1)]} {line[glued.end(1) :]}"
    elif number:
        line = line[number.end() :]
    if _STAMP.search(line):
        return None
    if _ALONE.match(line):
        return Meant("", "", "", False, True, True)
    arrow = _LONG_ARROW.search(line) or _ARROW.search(line)
    found = _beside(line[: arrow.start()], line[arrow.end() :]) if arrow else None
    return found or _bare(line, between) or _heap(line)


def _parsable(found: Meant | None) -> Meant | None:
    """Returns what was found, with "" in place of a time that has too many digits, such as `1010:10,000`."""
    if found is None or all(not time or is_time(time) for time in (found.start, found.end)):
        return found
    start, end = (time if is_time(time) else "" for time in (found.start, found.end))
    return found._replace(start=start, end=end, odd=True)


def mended(path: str, line: int, written: str, times: Meant) -> list[Complaint]:
    """The complaints about times interpreted that way."""
    if not times.odd:
        return []
    lost = _("end") if times.start else _("start") if times.end else _("times")
    what, action = _("times cannot be read"), _("{lost} taken from its neighbours").format(lost=lost)
    if times.start and times.end:
        what, action = _("times written oddly"), _("read as {start} to {end}").format(start=times.start, end=times.end)
    return [Complaint(path, line, f"{what}: {written.strip()[:60]!r}", _("cue kept, {action}").format(action=action))]


def may_be_meant(line: str) -> bool:
    """A cheap pre-test for `meant`, which need not be called if this is False."""
    return _FOUR_DIGITS.match(line, 0, _LONGEST) is not None or "-->" in line or _ALONE.match(line) is not None


def is_certain(line: str) -> bool:
    """True for a line that can only be a damaged time line."""
    found = meant(line) if may_be_meant(line) else None
    return found is not None and found.certain


def is_expected(lines: Sequence[str], place: int) -> bool:
    """True for a line after an empty one, or after a number that follows an empty one."""
    above = lines[place - 1].strip() if place else ""
    return not above or (is_garbled(above) and (place < 2 or not lines[place - 2].strip()))


def is_garbled(line: str) -> bool:
    """True for a line that may stand in the place of a time line but holds no information."""
    return not any(map(str.isalpha, line))


def _plain(line: str) -> tuple[str, list[int]]:
    """The line without look-alikes and invisible characters, and the offset of each remaining character."""
    kept = [at for at, sign in enumerate(line) if sign == "\t" or unicodedata.category(sign) not in ("Cc", "Cf")]
    signs = (line[at].translate(_ALIKE) for at in kept)
    plain = "".join(wide if len(wide := unicodedata.normalize("NFKC", sign)) == 1 else sign for sign in signs)
    return plain.rstrip(), kept


def _beside(left: str, right: str) -> Meant | None:
    """The times on both sides of an arrow; at least one must be intact."""
    start, before = _last_time(left)
    end, rest = _first_time(right)
    if not start and not end:
        return None
    if _letters(before) > 1 if start and end else not start and not _was_time(before):
        return None
    if not end:
        rest = rest[_messy(rest) :]
    colons = ":" in start + end or ";" in start + end
    # Bracketed times belong to another format.
    bracketed = before.strip()[-1:] in _OPENING and rest.strip()[:1] in _CLOSING
    certain = colons and not bracketed and bool(end or (_GROUPS.search(right) and _SETTINGS.match(rest)))
    odd = not (start and end) or bool(before.strip()) or bool(rest[:1].strip())
    return Meant(_written(start), _written(end), _said(rest), certain, odd, True)


def _bare(line: str, mark: str) -> Meant | None:
    """The times of a line without an arrow and without other text; `mark` may take the arrow's place."""
    found = list(_FULL.finditer(line))[:3]
    if not found or len(found) > 2:
        return None
    if _letters(line[: found[0].start()]) > 2 or not line[: found[0].start()].isascii():
        return None
    if len(found) == 1:
        before, rest = line[: found[0].start()], line[found[0].end() :]
        if not _THOUSANDTHS.search(found[0][0]) or _messy(before) < len(before):
            return None
        if not (_SETTINGS.match(rest) or _messy(rest) == len(rest)):
            return None
        time = _written(found[0][0])
        return Meant("", time, "", False, True) if _GROUPS.search(before) else Meant(time, "", "", False, True)
    first, last = (_written(match[0]) for match in found)
    between, rest = line[found[0].end() : found[1].start()], line[found[1].end() :]
    exact = all(_THOUSANDTHS.search(match[0]) for match in found)
    if _letters(between) > 1 or not between.isascii() or not (exact or _SETTINGS.match(rest)):
        return None
    plain = not rest.strip() or _SETTINGS.match(rest) is not None
    return Meant(first, last, _said(rest), plain and ":" in line, not mark or between.strip() != mark)


def _heap(line: str) -> Meant | None:
    """The times of a line with several damaged characters: many digits, few letters."""
    if sum(map(str.isdigit, line)) < _FEWEST_DIGITS or _letters(line) > _MOST_LETTERS or line.count(":") < 2:
        return None
    found = [match[0] for match in _FULL.finditer(line)]
    # Dates and timetables have neither an arrow nor thousandths.
    if ">" not in line and not ((line.isascii() or _letters(line) < 2) and any(map(_THOUSANDTHS.search, found))):
        return None
    first, last = found[:1], found[-1:] if len(found) > 1 else []
    begins = bool(first) and not _GROUPS.search(line[: line.find(first[0])])
    start, end = ("".join(first), "".join(last)) if begins else ("", "".join(last or first))
    return Meant(_written(start), _written(end), "", False, True)


def _last_time(left: str) -> tuple[str, str]:
    """The intact time at the end of the text left of an arrow, and what precedes it; "" if that ends in digits."""
    found = next(iter(list(_FULL.finditer(left))[::-1]), None)
    if found is None or any(map(str.isalnum, left[found.end() :])) or _GROUPS.search(left[: found.start()]):
        return "", left
    return found[0], left[: found.start()]


def _first_time(right: str) -> tuple[str, str]:
    """The intact time at the start of the text right of an arrow ("" if there is none), and what follows it."""
    at = next((at for at, character in enumerate(right[:4]) if character.isdigit()), 0)
    found = _FULL.match(right, at)
    if found and _GOES_ON.match(right, found.end()):
        return "", right
    return (found[0], right[found.end() :]) if found else ("", right)


def _messy(side: str) -> int:
    """The length of the part beside an arrow that may have been a time: more digits than letters."""
    found = _MESSY.match(side)
    if found is None:
        return len(side) - len(side.lstrip())
    letters = _letters(found[0])
    return found.end() if letters <= 4 and letters < sum(map(str.isdigit, found[0])) else 0


def _was_time(side: str) -> bool:
    """True for text left of an arrow that may have been a time, even if one of its characters is a Han character."""
    digits = sum(map(str.isdigit, side))
    return _messy(side) == len(side) or (_letters(side) <= 1 and digits >= 4 and 2 * digits >= len(side))


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _said(rest: str) -> str:
    """The text after the times of a line, without cue settings as in WebVTT."""
    return "" if _SETTINGS.match(rest) or _TIMES_ONLY.match(rest) else rest


def _written(time: str) -> str:
    """A time in the form that `srt_times` parses: numbers of two digits, the fraction unchanged."""
    if not time:
        return ""
    numbers = _GROUPS.findall(time)
    separators = re.sub(r"[\d\s]", "", time)
    has_hours = len(numbers) == 4 or not (len(numbers[2]) > 2 and separators[1:2] in ".,;:" and len(separators) == 2)
    whole, fraction = (numbers[:3], numbers[3:]) if has_hours else (numbers[:2], numbers[2:])
    exact = f",{fraction[0][-3:] if len(fraction[0]) > 9 else fraction[0]}" if fraction else ""
    return ":".join(f"{int(number):02}" for number in whole) + exact
