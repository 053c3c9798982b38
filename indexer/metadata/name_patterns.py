"""Facts in file names, by patterns of the user: `{show}/{date} {title}` (`names.patterns` in the configuration).

A pattern is compared with the end of a path, folder by folder. `{show}`, `{title}`, `{speaker}`, `{language}` and `{_}`
(anything) take the text up to what comes next in the pattern, `{date}` a day, a month or a year, `{number}` digits. The
first pattern that fits decides. Nothing is tried twice, so that no name takes long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.core.dates import iso_date
from indexer.core.errors import PodseekProblem
from indexer.core.files.language_suffix import plain_stem
from indexer.core.files.sources import plain_path
from indexer.core.messages import _

_DATE = r"(?:19|20)\d\d(?:[-._年/]?(?:0?[1-9]|1[0-2])(?:[-._月/]?(?:0?[1-9]|[12]\d|3[01])日?|月)?|年)?"
_TEXTS = ("show", "title", "speaker", "language", "_")
_FIELD = re.compile(r"\{([^{}]*)\}")
_MOST_FIELDS = 12
_LONGEST_NAME = 1000
"""In characters; file systems allow 255 bytes, archives more."""
_TOGETHER = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})?")


class PatternProblem(PodseekProblem):
    """A pattern that cannot be used."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One folder or file name of a pattern: its text fields, and the patterns before, between and after them."""

    fields: tuple[str, ...]
    gaps: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A pattern, ready for use: `parts` from the outermost folder to the file; `suffix` is that of the file, or empty
    for any."""

    text: str
    parts: tuple[_Part, ...]
    suffix: str

    def facts(self, path: Path) -> dict[str, object] | None:
        """The facts in a path, keyed by the field names of `Facts`; None if the pattern does not fit."""
        names = [*plain_path(path).parts[1:-1], plain_stem(path)]
        if len(names) < len(self.parts) or (self.suffix and plain_path(path).suffix.lower() != self.suffix):
            return None
        found: dict[str, str] = {}
        for part, name in zip(self.parts, names[-len(self.parts) :], strict=True):
            values = _match(part, name)
            if values is None:
                return None
            found.update(values)
        return _facts(found)


def compiled(patterns: Iterable[str]) -> tuple[NamePattern, ...]:
    """Patterns ready for use. Raises PatternProblem, which names the pattern, for one that cannot be used."""
    return tuple(map(_compiled, patterns))


def _compiled(text: str) -> NamePattern:
    names = [name for name in text.strip().split("/") if name]
    known = (*_TEXTS, "date", "number")
    fields = _FIELD.findall(text)
    for field in fields:
        if field not in known:
            what = _("{pattern}: {field} is none of {known}")
            listed = ", ".join(f"{{{one}}}" for one in known)
            raise PatternProblem(what.format(pattern=text, field=f"{{{field}}}", known=listed))
    if not names or not fields:
        raise PatternProblem(_("{pattern}: has no field such as {field}").format(pattern=text, field="{title}"))
    if len(fields) > _MOST_FIELDS:
        raise PatternProblem(_("{pattern}: more than {n} fields").format(pattern=text, n=_MOST_FIELDS))
    suffix = re.search(r"\.[A-Za-z0-9]{1,5}$", names[-1])
    if suffix:
        names[-1] = names[-1][: suffix.start()]
    return NamePattern(text, tuple(_part(text, name) for name in names), suffix[0].lower() if suffix else "")


def _part(text: str, name: str) -> _Part:
    fields: list[str] = []
    gaps = [""]
    for number, piece in enumerate(_FIELD.split(name)):
        if number % 2 == 0:
            gaps[-1] += re.sub(r"(?:\\ )+", r"[\\s_]+", re.escape(piece))
        elif piece in _TEXTS:
            if fields and not gaps[-1]:
                what = _("{pattern}: nothing divides {left} from {right}: put a mark between them")
                raise PatternProblem(what.format(pattern=text, left=f"{{{fields[-1]}}}", right=f"{{{piece}}}"))
            fields.append(piece)
            gaps.append("")
        else:
            gaps[-1] += rf"(?P<{piece}_{number}>{_DATE})" if piece == "date" else rf"(?P<{piece}_{number}>\d{{1,9}})"
    return _Part(tuple(fields), tuple(map(re.compile, gaps)))


def _match(part: _Part, name: str) -> dict[str, str] | None:
    """The values of the fields in one name; None if it does not fit."""
    values: dict[str, str] = {}
    if len(name) > _LONGEST_NAME:
        return None
    at = 0
    for number, gap in enumerate(part.gaps):
        is_last = number == len(part.gaps) - 1
        if number == 0:
            found = gap.fullmatch(name) if is_last else gap.match(name)
        else:
            found = _last(gap, name, at + 1) if is_last else gap.search(name, at + 1)
        if found is None:
            return None
        if number:
            values[part.fields[number - 1]] = name[at : found.start()].strip()
        values.update({key.partition("_")[0]: value for key, value in found.groupdict().items()})
        at = found.end()
    return values


def _last(gap: re.Pattern[str], name: str, start: int) -> re.Match[str] | None:
    """The match of what ends a name, at its end."""
    if not gap.pattern:
        return gap.match(name, len(name))
    return next((found for found in gap.finditer(name, start) if found.end() == len(name)), None)


def _facts(values: Mapping[str, str]) -> dict[str, object] | None:
    facts: dict[str, object] = {}
    for name, value in values.items():
        if name == "date":
            day = _day(value)
            if day is None:
                return None
            facts["date"] = day
        elif name == "speaker":
            facts["speakers"] = tuple(one for one in re.split(r"\s*[,、&]\s*", value) if one)
        elif name not in ("_", "number") and value:
            facts[name] = value.replace("_", " ") if name != "language" else value
    return facts


def _day(text: str) -> str | None:
    """The ISO date of a text that `_DATE` fits; None for what is not in the calendar."""
    parts = re.sub(r"\D", " ", text).split()
    if len(parts) < 3 and (match := _TOGETHER.match(text)):
        parts = [part for part in match.groups() if part]
    try:
        return iso_date(*map(int, parts))
    except ValueError:
        return None
