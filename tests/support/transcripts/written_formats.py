"""Writes speech as a transcript of each format, in pieces marked as structure or as speech."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WORDS = tuple(
    map(
        "".join,
        zip(
            *[iter("山高水长路远风轻云淡月明星稀花香鸟语天蓝海阔林深雪白霜寒雨细雷鸣石坚沙软草青木秀")] * 2, strict=True
        ),
    )
)
Parts = list[tuple[str, bool]]
"""The pieces of a written cue: each a string, and whether it is structure (else it is speech)."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said in one cue; times are seconds."""

    start: float
    end: float
    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Sound:
    """An undamaged file: what precedes the cues, each cue in pieces, and what follows them."""

    kind: str
    head: str
    cues: list[Parts]
    tail: str
    said: list[Said]


def clock(seconds: float, form: str = "{h:02}:{m:02}:{s:02},{ms:03}") -> str:
    ms = round(seconds * 1000)
    h, m, s = ms // 3_600_000, ms // 60_000 % 60, ms // 1000 % 60
    return form.format(h=h, m=m, s=s, ms=ms % 1000, cs=ms % 1000 // 10, mm=ms // 60_000)


def srt(said: Sequence[Said]) -> Sound:
    cues = []
    for number, cue in enumerate(said, 1):
        times = [(clock(cue.start), True), (" --> ", True), (clock(cue.end), True)]
        cues.append([(f"{number}", True), ("\n", True), *times, ("\n", True), (cue.text, False), ("\n\n", True)])
    return Sound("srt", "", cues, "", list(said))


def srt_without_numbers(said: Sequence[Said]) -> Sound:
    cues = []
    for cue in said:
        times = [(clock(cue.start), True), (" --> ", True), (clock(cue.end), True)]
        cues.append([*times, ("\n", True), (cue.text, False), ("\n\n", True)])
    return Sound("srt-bare", "", cues, "", list(said))


def _vtt(said: Sequence[Said], kind: str, form: str, name: str, settings: str, voice: bool) -> Sound:
    cues = []
    for number, cue in enumerate(said, 1):
        parts: Parts = [(name.format(number) + "\n", True)] if name else []
        parts += [(clock(cue.start, form), True), (" --> ", True), (clock(cue.end, form), True)]
        parts += [(settings, True)] if settings else []
        parts += [("\n", True), *([(f"<v {cue.speaker}>", True)] if voice else []), (cue.text, False)]
        cues.append([*parts, *([("</v>", True)] if voice else []), ("\n\n", True)])
    return Sound(kind, "WEBVTT\n\n", cues, "", list(said))


def vtt(said: Sequence[Said]) -> Sound:
    return _vtt(said, "vtt", "{h:02}:{m:02}:{s:02}.{ms:03}", "", "", False)


def vtt_numbered(said: Sequence[Said]) -> Sound:
    return _vtt(said, "vtt-numbered", "{h:02}:{m:02}:{s:02}.{ms:03}", "{}", " align:start position:0%", False)


def vtt_short(said: Sequence[Said]) -> Sound:
    return _vtt(said, "vtt-short", "{mm:02}:{s:02}.{ms:03}", "", "", True)


def ass(said: Sequence[Said]) -> Sound:
    head = (
        "[Script Info]\nTitle: 山水\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    )
    form = "{h}:{m:02}:{s:02}.{cs:02}"
    cues: list[Parts] = []
    for cue in said:
        parts: Parts = [("Dialogue", True), (": ", True), ("0,", True), (clock(cue.start, form), True), (",", True)]
        parts += [(clock(cue.end, form), True), (",Default,", True), (cue.speaker, True), (",0,0,0,,", True)]
        cues.append([*parts, (cue.text, False), ("\n", True)])
    return Sound("ass", head, cues, "", list(said))


def sbv(said: Sequence[Said]) -> Sound:
    form = "{h}:{m:02}:{s:02}.{ms:03}"
    cues: list[Parts] = []
    for cue in said:
        times: Parts = [(clock(cue.start, form), True), (",", True), (clock(cue.end, form), True)]
        cues.append([*times, ("\n", True), (cue.text, False), ("\n\n", True)])
    return Sound("sbv", "", cues, "", list(said))


def lrc(said: Sequence[Said]) -> Sound:
    cues: list[Parts] = [
        [("[", True), (clock(cue.start, "{mm:02}:{s:02}.{cs:02}"), True), ("]", True), (cue.text, False), ("\n", True)]
        for cue in said
    ]
    return Sound("lrc", "[ti:山水]\n[ar:林晚]\n", cues, "", list(said))


def _table(said: Sequence[Said], kind: str, header: str, row: str) -> Sound:
    cues: list[Parts] = []
    for cue in said:
        begin, until = (clock(time, "{h}:{m:02}:{s:02}") for time in (cue.start, cue.end))
        line = row.format(start=cue.start, end=cue.end, begin=begin, until=until, speaker=cue.speaker, text="\0")
        parts: Parts = [(piece, True) for piece in re.findall(r"[\d.:]+|\0|\D", line)]
        cues.append([*((cue.text, False) if piece == "\0" else (piece, True) for piece, _ in parts), ("\n", True)])
    return Sound(kind, header + "\n", cues, "", list(said))


def csv(said: Sequence[Said]) -> Sound:
    return _table(said, "csv", "start,end,text", "{start},{end},{text}")


def csv_quoted(said: Sequence[Said]) -> Sound:
    return _table(said, "csv-quoted", "start,end,speaker,text", '"{begin}","{until}","{speaker}","{text}"')


def csv_some_quotes(said: Sequence[Said]) -> Sound:
    return _table(said, "csv-text-first", "text,speaker,start,end", '"{text}",{speaker},{begin},{until}')


def tsv(said: Sequence[Said]) -> Sound:
    return _table(said, "tsv", "start\tend\tspeaker\ttext", "{start}\t{end}\t{speaker}\t{text}")


def whisper_tsv(said: Sequence[Said]) -> Sound:
    cues: list[Parts] = []
    for cue in said:
        times: Parts = [(str(round(cue.start * 1000)), True), ("\t", True), (str(round(cue.end * 1000)), True)]
        cues.append([*times, ("\t", True), (cue.text, False), ("\n", True)])
    return Sound("whisper-tsv", "start\tend\ttext\n", cues, "", list(said))


def _stamped(said: Sequence[Said], kind: str, head: str, before: str, after: str, end: str, form: str) -> Sound:
    cues: list[Parts] = []
    for cue in said:
        parts: Parts = [(before.format(cue.speaker), True), (clock(cue.start, form), True)]
        parts += [(after, True), (cue.text, False), (end, True)]
        cues.append([part for part in parts if part[0]])
    return Sound(kind, head, cues, "", list(said))


def stamped(said: Sequence[Said]) -> Sound:
    return _stamped(said, "stamped", "", "[", "] ", "\n", "{mm:02}:{s:02}")


def stamped_markdown(said: Sequence[Said]) -> Sound:
    head = "---\ntitle: 山水\n---\n\n# 山水\n\n"
    return _stamped(said, "stamped-md", head, "- [", "] ", "\n", "{h:02}:{m:02}:{s:02}")


def stamped_bare(said: Sequence[Said]) -> Sound:
    return _stamped(said, "stamped-bare", "", "", " ", "\n\n", "{mm:02}:{s:02}")


def stamped_names(said: Sequence[Said]) -> Sound:
    return _stamped(said, "stamped-names", "", "{} ", "\n", "\n\n", "{mm:02}:{s:02}")


def _json(said: Sequence[Said], kind: str, head: str, segment: str, tail: str) -> Sound:
    cues: list[Parts] = []
    for number, cue in enumerate(said):
        ms = (round(cue.start * 1000), round(cue.end * 1000))
        values = {"start": cue.start, "end": cue.end, "from": ms[0], "to": ms[1], "id": number, "speaker": cue.speaker}
        written = re.sub(r"<(\w+)>", lambda name: str(values.get(name[1], "\0")), segment)  # noqa: B023
        parts: Parts = [(piece, True) for piece in re.findall(r'[\d.]+|[\w\s:]+|\0|"|\W', written)]
        whole: Parts = [(cue.text, False) if piece == "\0" else (piece, True) for piece, _ in parts]
        cues.append([*whole, (",\n" if number + 1 < len(said) else "\n", True)])
    return Sound(kind, head, cues, tail, list(said))


def podcast_json(said: Sequence[Said]) -> Sound:
    segment = '{"speaker": "<speaker>", "startTime": <start>, "endTime": <end>, "body": "<text>"}'
    return _json(said, "podcast-json", '{"version": "1.0.0", "segments": [\n', segment, "]}\n")


def whisper_json(said: Sequence[Said]) -> Sound:
    segment = '{"id": <id>, "start": <start>, "end": <end>, "text": "<text>", "avg_logprob": -0.3}'
    return _json(said, "whisper-json", '{"language": "zh", "segments": [\n', segment, "]}\n")


def whisper_cpp(said: Sequence[Said]) -> Sound:
    segment = '{"offsets": {"from": <from>, "to": <to>}, "text": "<text>"}'
    return _json(said, "whisper-cpp", '{"result": {"language": "zh"}, "transcription": [\n', segment, "]}\n")


def meeting_json(said: Sequence[Said]) -> Sound:
    segment = '{"text": "<text>", "start": <from>, "end": <to>, "spk": <id>}'
    return _json(said, "meeting-json", '{"sentence_info": [\n', segment, "]}\n")


def paragraph_json(said: Sequence[Said]) -> Sound:
    segment = '{"bg": "<from>", "ed": "<to>", "onebest": "<text>", "speaker": "<id>"}'
    return _json(said, "paragraph-json", '{"code": 0, "data": [\n', segment, "]}\n")


def html(said: Sequence[Said]) -> Sound:
    cues: list[Parts] = []
    for cue in said:
        parts: Parts = [("<cite>", True), (f"{cue.speaker}:", True), ("</cite>", True), ("\n", True), ("<time>", True)]
        parts += [(clock(cue.start, "{mm}:{s:02}"), True), ("</time>", True), ("\n", True), ("<p>", True)]
        cues.append([*parts, (cue.text, False), ("</p>", True), ("\n", True)])
    return Sound("html", "<html><head><title>山水</title></head><body>\n", cues, "</body></html>\n", list(said))


Make = Callable[[Sequence[Said]], Sound]
FORMATS: tuple[Make, ...] = (
    *(srt, srt_without_numbers, vtt, vtt_numbered, vtt_short, ass, sbv, lrc),
    *(csv, csv_quoted, csv_some_quotes, tsv, whisper_tsv),
    *(stamped, stamped_markdown, stamped_bare, stamped_names),
    *(podcast_json, whisper_json, whisper_cpp, meeting_json, paragraph_json, html),
)


def sound(rng: random.Random, make: Make) -> Sound:
    """A file of the format with 5 to 14 cues, all of whose texts differ."""
    words = rng.sample(WORDS, rng.randint(5, 14))
    said, time = [], rng.choice([0.0, 1.0, 62.0, 597.0])
    for word in words:
        text = word + rng.choice(["", "，", "又"]) + "".join(reversed(word)) + word[0] * 3
        text = text if rng.random() < 0.8 else f"{text}，" + rng.choice(["他说的", "GPU 和 1.5", "第3次", "12:30 开始"])
        lasting = rng.choice([2.0, 3.0, 4.0])
        said.append(Said(time, time + lasting, rng.choice(["林晚", "阿明"]), text))
        time += lasting + rng.choice([0.0, 0.0, 1.0])
    return make(said)
