"""Cues written as the JSON of several programs are read back equal."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from indexer.core.types import Cue, Transcript
from indexer.readers import read_bytes


def read(document: object) -> Transcript:
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
    return read_bytes("a.json", text.encode())


TEXTS = st.text(st.sampled_from('我们今天说电池GPU 15.,，。"\\/\t😀é'), min_size=5, max_size=20).filter(
    lambda text: len("".join(text.split())) > 4
)


@st.composite
def cues(draw: st.DrawFn) -> list[Cue]:
    found, at = [], 0
    for _ in range(draw(st.integers(1, 8))):
        at += draw(st.integers(0, 100_000))
        end = at + draw(st.integers(1501, 9_000))
        text, speaker = draw(TEXTS).strip(), draw(st.sampled_from(["", "小林", "A B"]))
        found.append(Cue(at / 1000, end / 1000, text, speaker))
    return found


def times(cue: Cue, style: str) -> tuple[object, object]:
    if style == "strings":
        return str(cue.start), str(cue.end)
    if style == "ms":
        return round(cue.start * 1000), round(cue.end * 1000)
    return cue.start, cue.end


@given(found=cues(), ascii_only=st.booleans(), names=st.sampled_from(["whisper", "podcast", "bg", "strings", "ms"]))
def test_what_is_written_as_json_is_read_back_equal(found: list[Cue], ascii_only: bool, names: str) -> None:
    start, end, text = {
        "podcast": ("startTime", "endTime", "body"),
        "bg": ("bg", "ed", "onebest"),
        "ms": ("start_ms", "end_ms", "text"),
    }.get(names, ("start", "end", "text"))
    items = []
    for cue in found:
        begin, until = times(cue, "ms" if names == "bg" else names)
        items.append({start: begin, end: until, text: cue.text, "speaker": cue.speaker})
    document = {"segments": items} if names in ("whisper", "podcast", "strings") else items
    transcript = read(json.dumps(document, ensure_ascii=ascii_only))
    assert transcript.cues == tuple(found)
    assert transcript.complaints == ()
