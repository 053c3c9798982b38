"""Chooses among the transcripts of one episode: `talk.srt`, `talk.en.vtt` and `talk.json` of a folder are one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer import origins
from indexer.facts import FactFinder
from indexer.names import language_of, plain_stem
from indexer.origins import plain_path
from indexer.values import Complaint

_LANGUAGES = (
    ("zh-hans", "zh-cn", "zh", "chs", "sc", "zho", "chi", "cmn"),
    ("zh-hant", "zh-tw", "zh-hk", "cht", "tc", "yue"),
    ("",),
)
_FORMATS = ((".json",), (".vtt", ".srt", ".ass", ".ssa", ".sbv", ".lrc"), (".tsv", ".csv"), (".html", ".md", ".txt"))
"""The best first: JSON tells the times of words, tables and texts those of paragraphs."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The files to index, those `left` out, and the indexed ones that a better transcript takes the place of."""

    files: list[Path]
    left: list[Path]
    outdone: frozenset[str]
    complaints: list[Complaint]


def choose(files: Sequence[Path], places: Iterable[Path], known: Container[str]) -> Choice:
    """Of each episode the best transcript. What was named itself among the `places` is always taken, and so is what is
    indexed (`known`, by path) together with the best: somebody named it before."""
    named = {place.resolve() for place in places if not place.is_dir()}
    episodes: defaultdict[tuple[Path, str], list[Path]] = defaultdict(list)
    for path in files:
        episodes[path.parent, plain_stem(path)].append(path)
    sidecars = FactFinder()
    left: dict[Path, Path] = {}
    for several in filter(lambda found: len(found) > 1, episodes.values()):
        best = min(several, key=lambda path: _place(path, sidecars.language(path)))
        both = str(best) in known
        left.update((p, best) for p in several if p != best and p not in named and not (both and str(p) in known))
    complaints = [
        Complaint(str(path), 0, f"another transcript of {best.name}", "left out; name it to index it as well")
        for path, best in left.items()
    ]
    outdone = frozenset(str(path) for path in left if str(path) in known)
    return Choice([path for path in files if path not in left], list(left), outdone, complaints)


def _place(path: Path, wanted: str | None) -> tuple[int, int, int, str]:
    """The lower the better: language, format, size, and the name, so that the choice stays."""
    language = (language_of(path) or "").lower().replace("_", "-")
    if wanted and language.partition("-")[0] == wanted.lower().partition("-")[0]:
        tongue = -1
    else:
        tongue = next((n for n, names in enumerate(_LANGUAGES) if language in names), len(_LANGUAGES))
    suffix = plain_path(path).suffix.lower()
    form = next((n for n, suffixes in enumerate(_FORMATS) if suffix in suffixes), len(_FORMATS))
    try:
        size = origins.state(path).size
    except OSError:
        size = 0
    return tongue, form, -size, path.name
