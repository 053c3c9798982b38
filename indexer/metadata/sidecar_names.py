"""Names under `[episodes]` of a `podcast.toml`: those that a file goes by, and those that are no file's."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from pathlib import Path

from indexer.core.files.language_suffix import plain_stem
from indexer.core.files.sources import ZIP, plain_path
from indexer.core.messages import _, ngettext

_MOST = 3
"""Names of a `podcast.toml` that are told one by one."""
_MOST_FILES = 100_000
"""Files that are compared with a name: a folder with more is not looked through to its end."""


def composed(name: str) -> str:
    """A name in NFC: file systems and editors spell é and が in two ways."""
    return unicodedata.normalize("NFC", name)


def names_of(relative: Path) -> tuple[str, ...]:
    """What a file may be called in a `podcast.toml`, from the most to the least exact: its path from there, with and
    without its suffix, its name, and its stem with and without a language.

    >>> names_of(Path("2025/talk.zh.srt"))
    ('2025/talk.zh.srt', '2025/talk.zh', 'talk.zh.srt', 'talk.zh', 'talk')
    """
    plain = plain_path(relative)
    names = relative.as_posix(), plain.with_suffix("").as_posix(), relative.name, plain.stem, plain_stem(relative)
    return tuple(map(composed, names))


def without_file(folder: Path, names: Collection[str], levels: int) -> Iterator[str]:
    """Yields what is wrong with names that no file in a folder, or in those `levels` deep below it, goes by: a line for
    each of the first, which tells the nearest name of a file, and one for all others."""
    known: dict[str, None] = {}
    for file in _files(folder, levels) if names else ():
        if file.suffix.lower() == ZIP:  # it may have files of these names
            return
        known.update(dict.fromkeys(names_of(file)))
    strange = [name for name in names if known and name not in known]
    for name in strange[:_MOST]:
        near = get_close_matches(name, known, 1)
        what = _("`episodes.{name}` is the name of no file here")
        if near:
            what = _("`episodes.{name}` is the name of no file here: {near} is one")
        yield what.format(name=name, near=near[0] if near else "")
    if more := len(strange[_MOST:]):
        yield ngettext(
            "{n} more name under `episodes` is of no file", "{n} more names under `episodes` are of no file", more
        ).format(n=more)


def _files(folder: Path, levels: int) -> Iterator[Path]:
    """The files below a folder, as paths from there; none of a folder in an archive."""
    count = 0
    for place, folders, files in os.walk(folder):
        relative = Path(place).relative_to(folder)
        if len(relative.parts) >= levels:
            folders.clear()
        yield from (relative / file for file in files)
        count += len(files)
        if count > _MOST_FILES:
            return
