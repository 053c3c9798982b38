"""Matches transcript files with the items of a feed, one to one.

Criteria are applied from the most to the least reliable, each to the items and files not matched yet. A criterion
matches an item with a file only if it is unambiguous on both sides, so the result does not depend on their order.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from indexer.core.dates import days_of
from indexer.core.feed_types import Item
from indexer.core.files.language_suffix import plain_stem
from indexer.core.types import Facts

_SHORTEST_PART = 4
"""In characters. Shorter titles occur in others by chance."""

_NUMBER = re.compile(
    r"第\s*0*(\d{1,5})\s*[期集回话話]|(?<![a-z])(?:ep|episode|vol|no|e)\s*[.#]?\s*0*(\d{1,5})(?!\d)|^\W*0*(\d{1,4})(?![\d年月]|[-._]\d)"
)


@dataclass(frozen=True, slots=True)
class File:
    """A transcript to be matched, with the facts from its sidecar and names."""

    path: str
    facts: Facts

    @property
    def folder(self) -> str:
        return str(Path(self.path).parent)

    @property
    def stem(self) -> str:
        return plain_stem(Path(self.path))


Pairs = dict[int, int]
"""Maps the index of an item to the index of its file."""


def match(items: Sequence[Item], files: Sequence[File], show: str) -> Pairs:
    """Matches the items of a show with files.

    Guid, name of the audio file and whole title match files in any folder; part of a title, date and episode number
    match only files in the show's folders (`own_folders`).
    """
    pairs = match_surely(items, files)
    own = own_folders(pairs, files, show)
    near = [file if file.folder in own else None for file in files]
    _join_pairs(pairs, [(i, f) for i, f in _parts(items, near) if not _contradicts(items[i], files[f])])
    for of_item, of_file in _UNSURE:
        _join(pairs, items, near, of_item, of_file, unless=_contradicts)
    return pairs


def match_surely(items: Sequence[Item], files: Sequence[File]) -> Pairs:
    """Matches by guid, name of the audio file and whole title only."""
    pairs: Pairs = {}
    for of_item, of_file in _SURE:
        _join(pairs, items, files, of_item, of_file)
    return pairs


def _join(
    pairs: Pairs,
    items: Sequence[Item],
    files: Sequence[File | None],
    of_item: Callable[[Item], Hashable],
    of_file: Callable[[File], Hashable],
    unless: Callable[[Item, File], bool] = lambda item, file: False,
) -> None:
    """Adds to `pairs` the item and the file that share a key with no other, among those not matched yet."""
    taken = set(pairs.values())
    with_key: dict[Hashable, list[int]] = defaultdict(list)
    for number, file in enumerate(files):
        if file is not None and number not in taken and (key := of_file(file)):
            with_key[key].append(number)
    keyed: dict[Hashable, list[int]] = defaultdict(list)
    for number, item in enumerate(items):
        if number not in pairs and (key := of_item(item)):
            keyed[key].append(number)
    for key, numbers in keyed.items():
        if len(numbers) == 1 and len(fitting := with_key.get(key, [])) == 1:
            file = files[fitting[0]]
            if file is not None and not unless(items[numbers[0]], file):
                pairs[numbers[0]] = fitting[0]


def _join_pairs(pairs: Pairs, found: Iterable[tuple[int, int]]) -> None:
    """Adds to `pairs` the candidates in which both item and file occur in no other candidate."""
    taken = set(pairs.values())
    files_of: dict[int, set[int]] = defaultdict(set)
    items_of: dict[int, set[int]] = defaultdict(set)
    for item, file in found:
        if item not in pairs and file not in taken:
            files_of[item].add(file)
            items_of[file].add(item)
    for item, fitting in files_of.items():
        if len(fitting) == 1 and len(items_of[next(iter(fitting))]) == 1:
            pairs[item] = next(iter(fitting))


def own_folders(pairs: Pairs, files: Sequence[File], show: str) -> set[str]:
    """Returns the show's folders: the only folder, or those named after the show or with a file in `pairs`."""
    folders = {file.folder for file in files}
    return folders if len(folders) == 1 else show_folders(pairs, files, show)


def show_folders(pairs: Pairs, files: Sequence[File], show: str) -> set[str]:
    """Returns the folders named after the show, or with a file in `pairs`."""
    named = {file.folder for file in files if folded(show) and folded(file.facts.show) == folded(show)}
    return named | {files[number].folder for number in pairs.values()}


def _parts(items: Sequence[Item], files: Sequence[File | None]) -> Iterator[tuple[int, int]]:
    """Yields the (item, file) pairs in which one title contains the other."""
    titles = [folded(item.title) for item in items]
    names = [folded(file.facts.title) if file is not None else "" for file in files]
    yield from _containing(titles, names)
    yield from ((item, file) for file, item in _containing(names, titles))


def _containing(parts: Sequence[str], wholes: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yields (part, whole) indices where the whole contains the part; at most two wholes per part. Searches the wholes
    as one string, which is faster than one by one."""
    text = "\n".join(wholes)
    starts = [0]
    for whole in wholes:
        starts.append(starts[-1] + len(whole) + 1)
    for number, part in enumerate(parts):
        at, found = text.find(part) if len(part) >= _SHORTEST_PART else -1, 0
        while at >= 0 and found < 2:  # two suffice to make it ambiguous
            inside = bisect_right(starts, at) - 1
            yield number, inside
            at, found = text.find(part, starts[inside + 1]), found + 1


def _contradicts(item: Item, file: File) -> bool:
    """Returns True if both have a date and these are more than one day apart."""
    if not item.date or not file.facts.date:
        return False
    published, (first, last) = date.fromisoformat(item.date), days_of(file.facts.date)
    return (first - published).days > 1 or (published - last).days > 1


def folded(title: str) -> str:
    """Returns a title in NFKC and lower case with only its letters and digits.

    >>> folded("《海底的光》 Vol.2！")
    '海底的光vol2'
    """
    return "".join(c for c in unicodedata.normalize("NFKC", title).lower() if c.isalnum())


def audio_stem(address: str | None) -> str:
    """Returns the file name in a URL, decoded, in NFC and lower case, without its suffix; empty if there is none.

    >>> audio_stem("https://example.org/a/%E6%B5%B7%E5%BA%95.mp3?token=1")
    '海底'
    """
    try:
        name = PurePosixPath(unquote(urlsplit(address or "").path)).name
    except ValueError:
        return ""
    return unicodedata.normalize("NFC", PurePosixPath(name).stem).lower()


def number_in(title: str) -> int | None:
    """Returns the episode number in a title or file name; None if there is none or more than one.

    >>> number_in("第12期 谈谈开源"), number_in("EP012"), number_in("05-语音识别"), number_in("1952年")
    (12, 12, 5, None)
    """
    text = unicodedata.normalize("NFKC", title).lower()
    found = {int(next(filter(None, groups), "0")) for groups in _NUMBER.findall(text)}
    return found.pop() if len(found) == 1 else None


def _file_stem(file: File) -> str:
    return unicodedata.normalize("NFC", file.stem).lower()


def _number_of_item(item: Item) -> int | None:
    return item.number if item.number is not None else number_in(item.title)


_SURE: tuple[tuple[Callable[[Item], Hashable], Callable[[File], Hashable]], ...] = (
    (lambda item: item.guid, lambda file: file.facts.guid),
    (lambda item: audio_stem(item.audio), _file_stem),
    (lambda item: folded(item.title), lambda file: folded(file.facts.title)),
)
_UNSURE: tuple[tuple[Callable[[Item], Hashable], Callable[[File], Hashable]], ...] = (
    (lambda item: item.date, lambda file: file.facts.date),
    (_number_of_item, lambda file: number_in(file.stem)),
)
