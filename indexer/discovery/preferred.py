"""Selects one of several transcripts of an episode: `talk.srt`, `talk.en.vtt` and `talk.json` in one folder are one,
and so is `talk (1).srt` if it is a copy."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.core.files import sources
from indexer.core.files.language_suffix import is_by_machine, languages_of, plain_stem
from indexer.core.files.sources import plain_path
from indexer.core.messages import _
from indexer.core.types import Complaint
from indexer.discovery.copies import original_of
from indexer.metadata.fact_finder import FactFinder

_CHINESE = frozenset(("zh", "zho", "chi", "cmn", "chs", "sc"))
_TRADITIONAL = frozenset(("cht", "tc", "yue"))
_WRITTEN_SO = frozenset(("hant", "tw", "hk", "mo"))
"""Subtags that imply Traditional characters."""
_FORMATS = (
    (".json",),
    (".vtt", ".srt", ".ass", ".ssa", ".sbv", ".lrc", ".json3"),
    (".tsv", ".csv"),
    (".html", ".md", ".txt"),
)
"""From best to worst: JSON has the times of words, tables and texts only those of paragraphs."""
_FEW = 3
"""Files left out of a folder of which each is named."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The files to index; those left out; for each indexed one left out, by path, the transcript that replaces it."""

    files: list[Path]
    left: list[Path]
    superseded: dict[str, Path]
    complaints: list[Complaint]


def choose(files: Sequence[Path], places: Iterable[Path], known: Container[str]) -> Choice:
    """Selects the best transcript of each episode. Files named directly in `places` are always kept, and so are indexed
    ones (`known`, by path) where the best is indexed too: the user named them before."""
    named = {place.resolve() for place in places if not place.is_dir()}
    episodes: defaultdict[tuple[Path, str], list[Path]] = defaultdict(list)
    every = frozenset(files)
    copies = {path: original for path in files if (original := original_of(path, every)) is not None}
    for path in files:
        if path not in copies:
            episodes[path.parent, plain_stem(path)].append(path)
    sidecars = FactFinder()
    left: dict[Path, Path] = {}
    for several in filter(lambda found: len(found) > 1, episodes.values()):
        best = min(several, key=lambda path: _place(path, sidecars.language(path)))
        both = str(best) in known
        left.update((p, best) for p in several if p != best and p not in named and not (both and str(p) in known))
    repeated = dict(_repeated(copies, left, named, known))
    originals = {path: copies[path] for path in repeated}
    complaints = [*_left_out(left, copies=False), *_left_out(originals, copies=True)]
    left |= repeated
    superseded = {str(path): best for path, best in left.items() if str(path) in known}
    return Choice([path for path in files if path not in left], list(left), superseded, complaints)


def _repeated(
    copies: Mapping[Path, Path], left: Mapping[Path, Path], named: Container[Path], known: Container[str]
) -> Iterator[tuple[Path, Path]]:
    """Yields the copies that are left out, each with what is indexed in its place: not those named, nor those that were
    indexed beside it before."""
    for path, original in copies.items():
        while original in copies:
            original = copies[original]
        best = left.get(original, original)
        if path not in named and not (str(path) in known and str(best) in known):
            yield path, best


def _left_out(left: Mapping[Path, Path], copies: bool) -> Iterator[Complaint]:
    """Says which files are left out, each with its best or its original: one by one, or of many in a folder how
    many."""
    folders: defaultdict[Path, list[Path]] = defaultdict(list)
    for path in left:
        folders[path.parent].append(path)
    action = _("left out; name it to index it as well")
    for folder, paths in folders.items():
        if len(paths) > _FEW:
            what = _("{n:,} files are other transcripts of episodes, such as {name}")
            if copies:
                what = _("{n:,} files are copies of others, such as {name}")
            yield Complaint(str(folder), 0, what.format(n=len(paths), name=paths[0].name), action)
            continue
        what = _("a copy of {name}") if copies else _("another transcript of {name}")
        for path in paths:
            yield Complaint(str(path), 0, what.format(name=left[path].name), action)


def _place(path: Path, wanted: str | None) -> tuple[object, ...]:
    """A sort key, best first: not empty, language, human review, format, size; the name makes it deterministic."""
    try:
        size = sources.state(path).size
    except OSError:
        size = 0
    form = _rank(plain_path(path).suffix.lower(), _FORMATS)
    return size == 0, _tongue(languages_of(path), wanted), is_by_machine(path), form, -size, path.name


def _tongue(declared: Sequence[str], wanted: str | None) -> tuple[int, int, bool]:
    """Ranks languages: first the wanted one, then unknown, which may be it; next Chinese, Simplified first; then
    bilingual ones, since they contain the other language as well."""
    languages = [re.split("[-_]", language.lower()) for language in declared]
    asked = re.split("[-_]", wanted.lower())[0] if wanted is not None else None
    nearness = 0
    if asked is not None and not any(parts[0] == asked for parts in languages):
        nearness = 1 if not declared else 3 if all(declared) else 2  # of a bilingual one, the other half may be it
    return nearness, min(map(_chinese, languages), default=2), len(declared) < 2


def _chinese(parts: Sequence[str]) -> int:
    """0 for Simplified, 1 for Traditional, 2 for unknown, 3 for any other language."""
    if parts[0] in _TRADITIONAL or (parts[0] in _CHINESE and not _WRITTEN_SO.isdisjoint(parts)):
        return 1
    return 0 if parts[0] in _CHINESE else 3 if parts[0] else 2


def _rank(value: str, groups: Sequence[Container[str]]) -> int:
    return next((number for number, group in enumerate(groups) if value in group), len(groups))
