"""Gettext catalogues: reads and writes `.po` files and compiles them to `.mo`, without gettext's tools. `setup.py`
compiles with it, and a checkout reads its catalogue through it. Contexts (msgctxt) are not supported."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_FIELD = re.compile(r'(msgid|msgid_plural|msgstr(?:\[0\])?)?\s*"(.*)"$')
_ESCAPED = {"\\n": "\n", "\\t": "\t", "\\r": "\r", "\\b": "\b", '\\"': '"', "\\\\": "\\"}
_ESCAPES = {value: name for name, value in _ESCAPED.items()}
_MAGIC = 0x950412DE


class PoError(ValueError):
    """A line of a catalogue that cannot be read. The message starts with its number."""


@dataclass(frozen=True, slots=True)
class PoEntry:
    """One message: its English text, the text for many if it has two forms, and the translation, "" while there is
    none. `places` are the files that have it; `comments` its lines that begin with `# `."""

    text: str
    plural: str = ""
    translation: str = ""
    places: tuple[str, ...] = ()
    fuzzy: bool = False
    comments: tuple[str, ...] = ()


def parse(source: str) -> list[PoEntry]:
    """The entries of a catalogue; the first, with the text "", is its header. Raises PoError."""
    return [_entry(lines) for lines in _blocks(source)]


def compiled(entries: Iterable[PoEntry]) -> bytes:
    """The catalogue in the binary form that `gettext` reads, without entries that are fuzzy or not translated."""
    pairs = {}
    for entry in entries:
        if entry.translation and not entry.fuzzy:
            key = f"{entry.text}\0{entry.plural}" if entry.plural else entry.text
            pairs[key.encode()] = entry.translation.encode()
    keys = sorted(pairs)
    tables = 28
    offset = tables + 16 * len(keys)
    index, data = [], b""
    for part in (keys, [pairs[key] for key in keys]):
        for item in part:
            index += [len(item), offset + len(data)]
            data += item + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, len(keys), tables, tables + 8 * len(keys), 0, offset)
    return head + struct.pack(f"<{len(index)}I", *index) + data


def written(entries: Iterable[PoEntry]) -> str:
    """The text of a catalogue."""
    return "\n".join("".join(f"{line}\n" for line in _lines(entry)) for entry in entries)


def _blocks(source: str) -> Iterator[list[tuple[int, str]]]:
    """The lines of each entry, numbered."""
    block: list[tuple[int, str]] = []
    for number, line in enumerate(source.split("\n"), 1):
        if line.strip():
            block.append((number, line.strip()))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _entry(lines: list[tuple[int, str]]) -> PoEntry:
    texts = {"msgid": "", "msgid_plural": "", "msgstr": ""}
    places, comments, fuzzy, field = [], [], False, ""
    for number, line in lines:
        if line.startswith("#:"):
            places += line[2:].split()
        elif line.startswith("#,"):
            fuzzy = fuzzy or "fuzzy" in line
        elif line.startswith("#"):
            comments.append(line[1:].removeprefix(" "))
        else:
            found = _FIELD.match(line)
            field = (found[1] or field).removesuffix("[0]") if found else ""
            if found is None or not field:
                raise PoError(f"{number}: not a line of a catalogue: {line[:80]}")
            texts[field] += re.sub(r"\\.", lambda escape: _ESCAPED.get(escape[0], escape[0]), found[2])
    return PoEntry(texts["msgid"], texts["msgid_plural"], texts["msgstr"], tuple(places), fuzzy, tuple(comments))


def _lines(entry: PoEntry) -> Iterator[str]:
    yield from (f"# {comment}".rstrip() for comment in entry.comments)
    if entry.places:
        yield f"#: {' '.join(entry.places)}"
    if entry.fuzzy:
        yield "#, fuzzy"
    yield from _quoted("msgid", entry.text)
    if entry.plural:
        yield from _quoted("msgid_plural", entry.plural)
    yield from _quoted("msgstr[0]" if entry.plural else "msgstr", entry.translation)


def _quoted(field: str, text: str) -> Iterator[str]:
    """A text on one line; one of several lines as gettext's own tools write it."""
    pieces = text.splitlines(keepends=True)
    if len(pieces) > 1:
        yield f'{field} ""'
        field = ""
    for piece in pieces or [""]:
        escaped = re.sub(r'[\n\t\r\x08"\\]', lambda found: _ESCAPES[found[0]], piece)
        yield f'{field} "{escaped}"'.lstrip()
