"""Moments as playlists: extended M3U for VLC, an edit list (EDL) for mpv, and chapters of one episode."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from indexer.core.errors import PodseekProblem
from indexer.core.messages import _
from indexer.core.text.time_format import clock
from search.api import Moment
from search.frontends.formats.display import Page, clean
from search.frontends.formats.jsontext import to_json
from search.frontends.formats.plain import spoken
from search.frontends.media.player import find_audio
from search.results.joined_text import joined
from search.results.links import link_at

_LONGEST_TITLE = 60
"""Maximum number of characters of a chapter title."""


def m3u(found: Iterable[Moment], page: Page) -> Iterator[str]:
    """Yields extended M3U in UTF-8. Start and stop times are VLC options; other players play the whole episodes."""
    yield "#EXTM3U"
    for moment, audio in _playable(found, page):
        yield f"#EXTINF:{round(moment.end - moment.start)},{clean(moment.episode.show) or '-'} - {_title(moment)}"
        yield f"#EXTVLCOPT:start-time={moment.start:.3f}"
        yield f"#EXTVLCOPT:stop-time={moment.end:.3f}"
        yield audio


def edl(found: Iterable[Moment], page: Page) -> Iterator[str]:
    """Yields an EDL for mpv, which plays the moments as one file and shows each as a chapter."""
    yield "# mpv EDL v0"
    for moment, audio in _playable(found, page):
        length = max(moment.end - moment.start, 0.001)
        yield f"{_counted(audio)},{moment.start:.3f},{length:.3f},title={_counted(_title(moment))}"


def chapters(found: Iterable[Moment], page: Page) -> Iterator[str]:
    """Yields Podcasting 2.0 JSON chapters (1.2.0), sorted by time. Raises PodseekProblem if the moments are of several
    episodes."""
    moments = sorted(found, key=lambda moment: moment.start)
    episodes = {moment.episode.id: moment.episode for moment in moments}
    if len(episodes) > 1:
        some = ", ".join(list(episodes)[:3])
        cure = _("choose one with title: or --title")
        raise PodseekProblem(
            _("chapters: are of one episode, these moments of {count} ({some}): {cure}").format(
                count=len(episodes), some=clean(some), cure=cure
            )
        )
    record: dict[str, Any] = {"version": "1.2.0"}
    for episode in episodes.values():
        record |= {"title": episode.title, "podcastName": episode.show}
    yield to_json({**record, "chapters": list(map(_chapter, moments))}, indent=2)


def _chapter(moment: Moment) -> dict[str, Any]:
    matched = joined(cue.text for cue in moment.cues if cue.highlights)
    title = clean(matched).strip() or spoken(moment)
    title = title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"
    chapter = {"startTime": moment.start, "endTime": moment.end, "title": title}
    url = link_at(moment.episode, moment.start)
    return {**chapter, "url": url} if url else chapter


def _playable(found: Iterable[Moment], page: Page) -> Iterator[tuple[Moment, str]]:
    """Yields the moments with usable audio, and the audio; reports each other episode once."""
    left_out = set[str]()
    for moment in found:
        audio = find_audio(moment.episode)
        if audio is not None and audio.isprintable():
            yield moment, audio
        elif moment.episode.id not in left_out:
            left_out.add(moment.episode.id)
            why = _("no audio is known") if audio is None else _("its audio has a name that no playlist can hold")
            page.tell(_("{id}: {why}: left out").format(id=moment.episode.id, why=why))


def _title(moment: Moment) -> str:
    return f"{clean(moment.episode.title or moment.episode.id)} {clock(moment.start)}"


def _counted(value: str) -> str:
    """Returns a value with its length in bytes in front, so that it may contain commas and semicolons."""
    return f"%{len(value.encode())}%{value}"
