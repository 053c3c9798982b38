"""Moments as subtitles: SubRip or WebVTT.

The cues of a single episode keep their times, to be shown with its audio. Moments of several episodes follow one
another from zero, as `edl` plays them and `podseek clip --join` concatenates them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from indexer.core.messages import _
from indexer.core.text.time_format import clock
from indexer.discovery.own_output import SRT_FIRST, VTT_NOTE
from search.api import CueLine, Moment
from search.frontends.formats.display import Page, clean


@dataclass(frozen=True, slots=True)
class SubtitleGroup:
    """Cues with display times in seconds, and a title that names their source."""

    title: str
    cues: Sequence[CueLine]


def srt(found: Iterable[Moment], page: Page) -> Iterator[str]:
    """Yields SubRip. Replaces arrows with ⇒ where a cue's text could be taken for a line of times."""
    return srt_lines(groups(list(found), page))


def srt_lines(shown: Iterable[SubtitleGroup]) -> Iterator[str]:
    number = 0
    for group in shown:
        for cue in group.cues:
            number += 1
            yield SRT_FIRST if number == 1 else str(number)
            yield f"{_time(cue.start, ',')} --> {_time(cue.end, ',')}"
            yield _srt_text(cue)
            yield ""


def vtt(found: Iterable[Moment], page: Page) -> Iterator[str]:
    """Yields WebVTT, with the source of the cues as notes, and speakers as voice tags."""
    yield "WEBVTT"
    yield ""
    yield VTT_NOTE
    yield ""
    for group in groups(list(found), page):
        yield f"NOTE {clean(group.title).replace('-->', '⇒')}"
        yield ""
        for cue in group.cues:
            yield f"{_time(cue.start, '.')} --> {_time(max(cue.end, cue.start + 0.001), '.')}"
            yield _vtt_text(cue)
            yield ""


def groups(moments: Sequence[Moment], page: Page) -> list[SubtitleGroup]:
    """Groups the cues of moments: of a single episode, all cues in one group, sorted by time, without duplicates; of
    several, one group per moment, one after another. Reports the latter."""
    episodes = {moment.episode.id: moment.episode for moment in moments}
    if len(episodes) > 1:
        page.tell(
            _("These are moments of {count} episodes: the times run on from one moment to the next").format(
                count=len(episodes)
            )
        )
        return list(one_after_another((moment, moment.start, moment.end) for moment in moments))
    cues = {cue.index: cue for moment in moments for cue in moment.cues if _said(cue)}
    in_order = sorted(cues.values(), key=lambda cue: (cue.start, cue.index))
    return [SubtitleGroup(episode.title or episode.id, in_order) for episode in episodes.values()]


def one_after_another(windows: Iterable[tuple[Moment, float, float]]) -> Iterator[SubtitleGroup]:
    """Yields the cues of each window (moment, start and end in seconds), timed for playback of all windows in
    sequence."""
    now = 0.0
    for moment, start, end in windows:
        title = f"{moment.episode.title or moment.episode.id} {clock(moment.start)} {moment.episode.id}"
        yield SubtitleGroup(title, list(heard(moment.cues, start, end, now)))
        now += end - start


def heard(cues: Iterable[CueLine], start: float, end: float, at: float = 0.0) -> Iterator[CueLine]:
    """Yields the cues between `start` and `end` (seconds), clipped to these and shifted so that `start` becomes
    `at`."""
    for cue in cues:
        first, last = max(cue.start, start), min(cue.end, end)
        if _said(cue) and (first < last or start <= cue.start == cue.end <= end):
            shown = (cue.index, first - start + at, last - start + at)
            yield CueLine(*shown, cue.speaker, cue.text, cue.highlights, cue.damped)


def _time(seconds: float, point: str) -> str:
    milliseconds = max(0, round(seconds * 1000))
    return f"{clock(milliseconds // 1000)}{point}{milliseconds % 1000:03}"


def _said(cue: CueLine) -> str:
    """Returns the text of a cue on one line; cues with an empty text are not shown."""
    return clean(cue.text).strip()


def _srt_text(cue: CueLine) -> str:
    text = f"{clean(cue.speaker)}: {_said(cue)}" if cue.speaker else _said(cue)
    text = text.replace("-->", "⇒")
    return re.sub("[>＞→]", "⇒", text) if re.match(r"\W*\d", text) else text


def _vtt_text(cue: CueLine) -> str:
    text = _escaped(_said(cue))
    return f"<v {_escaped(clean(cue.speaker))}>{text}" if cue.speaker else text


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
