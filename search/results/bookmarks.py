"""Bookmarks: moments that the user keeps, each with its words, so that it stays when the index changes.

One JSON object a line in `bookmarks.jsonl` of the user's data folder, private to the user. (Saved queries, of which
`podseek watch` prints what is new, are something else.)
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.core.configuration.paths import default_data
from indexer.core.errors import PodseekProblem
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple

if TYPE_CHECKING:
    from search.api import Moment

FILE = "bookmarks.jsonl"
_DATE = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")
_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}){2}")
_LARGEST = 1 << 28
"""In bytes."""


class Bookmark(NamedTuple):
    """A moment that was kept: `saved` is the day (ISO), `lines` are (seconds, speaker, text), `url` links to the
    second; times are in seconds."""

    saved: str
    note: str
    query: str
    episode: str
    path: str
    show: str
    title: str
    date: str | None
    url: str | None
    start: float
    end: float
    lines: tuple[tuple[float, str, str], ...]


def bookmark(moment: Moment, note: str, query: str) -> Bookmark:
    """The bookmark of a moment, as of today."""
    from datetime import date

    from search.results.links import link_at

    episode = moment.episode
    lines = tuple((cue.start, cue.speaker, cue.text) for cue in moment.cues if cue.text)
    day = episode.period if episode.period and _DATE.fullmatch(episode.period) else None
    facts = (episode.id, episode.path, episode.show, episode.title, day, link_at(episode, moment.start))
    return Bookmark(date.today().isoformat(), note, query, *facts, moment.start, moment.end, lines)


def same_moment(one: Bookmark) -> tuple[str, str, float, float]:
    """What two bookmarks of one moment have in common."""
    return one.path, one.episode, one.start, one.end


def merged(known: Sequence[Bookmark], new: Sequence[Bookmark]) -> list[Bookmark]:
    """The bookmarks with new ones at the end; of those for the same moment the first is kept, with the last note."""
    kept: dict[object, Bookmark] = {}
    for one in (*known, *new):
        before = kept.setdefault(same_moment(one), one)
        if one.note:
            kept[same_moment(one)] = before._replace(note=one.note)
    return list(kept.values())


def read_bookmarks() -> list[Bookmark]:
    """The bookmarks, oldest first. Raises PodseekProblem for a line that is none, OSError for what is no file."""
    from indexer.core.files.regular_files import read_regular

    path = _file()
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(read_regular(path, _LARGEST).splitlines(), 1):
        try:
            one: dict[str, Any] = json.loads(line)
            lines = tuple((float(start), str(speaker), str(text)) for start, speaker, text in one.pop("lines"))
            kept = Bookmark(**one, lines=lines)
            if not _is_sound(kept):
                raise ValueError
            found.append(kept)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise PodseekProblem(
                _("{path}:{number}: is no bookmark: fix this line, or remove it").format(path=path, number=number)
            ) from None
    return found


def _is_sound(one: Bookmark) -> bool:
    """True if every value is of its type."""
    texts = (one.saved, one.note, one.query, one.episode, one.path, one.show, one.title, one.date or "", one.url or "")
    times = (one.start, one.end, *(line[0] for line in one.lines))
    return (
        all(isinstance(text, str) for text in texts)
        and _DAY.fullmatch(one.saved) is not None
        and (one.date is None or _DATE.fullmatch(one.date) is not None)
        and all(isinstance(time, int | float) and 0 <= time < 1e9 for time in times)
    )


def change_bookmarks(change: Callable[[list[Bookmark]], list[Bookmark]]) -> list[Bookmark]:
    """Replaces the bookmarks by what `change` makes of them, and returns those. Raises OSError, PodseekProblem."""
    from indexer.core.files.atomic_write import alone_in, make_folder, write_whole

    path = _file()
    make_folder(path.parent)
    with alone_in(path.parent):
        kept = change(read_bookmarks())
        text = "".join(json.dumps(one._asdict(), ensure_ascii=False) + "\n" for one in kept)
        is_new = not path.exists()
        write_whole(path, text.encode("utf-8", "surrogatepass"))
        if is_new:
            path.chmod(0o600)
    return kept


def quote(lines: Sequence[tuple[float, str, str]]) -> str:
    """What is said, as one text."""
    from search.results.joined_text import joined

    return joined(line[2] for line in lines)


def _file() -> Path:
    folder = default_data()
    if folder is None:
        raise PodseekProblem(_("this user has no home folder for bookmarks: set XDG_DATA_HOME"))
    return folder / FILE
