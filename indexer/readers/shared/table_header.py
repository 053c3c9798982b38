"""The header of a table: assigns columns by the names that people and programs use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from indexer.core.named_tuples import NamedTuple

_NAMES = {
    "start": """start starttime begin begintime from in timein startseconds startsec startms starttimecode
        開始 开始 開始時間 开始时间 起始 起始時間 起始时间 起
        time timestamp timecode timeline 時間 时间 時間戳 时间戳 時間碼 时间码 時間軸 时间轴""",
    "end": """end endtime to out timeout stop stoptime until endseconds endsec endms endtimecode
        結束 结束 結束時間 结束时间 終了 终止 终止时间 迄 止""",
    "duration": "duration dur lasting 時長 时长 長度 长度 持續時間 持续时间",
    "text": """text content transcript transcription sentence caption subtitle utterance body dialogue dialog said line
        逐字稿 內容 内容 文字 文本 文稿 字幕 台詞 台词 原文 發言 发言 發言內容 发言内容 對話 对话 說話內容 说话内容
        轉錄 转录 句子""",
    "speaker": """speaker speakername speakerlabel name who actor person role character
        講者 讲者 說話人 说话人 說話者 说话者 發言人 发言人 發言者 发言者 主講人 主讲人 姓名 人名 角色 人物""",
}
"""The possible names of each column, the most likely first."""

_UNIT = re.compile(r"(?:\(|\[|（|_|\s|^)(ms|msec|milliseconds?|毫秒|s|secs?|seconds?|秒)\s*[)\]）]?$", re.IGNORECASE)
_PLAIN = re.compile(r"\(.{0,20}?\)|（.{0,20}?）|\[.{0,20}?\]|[\W_]")
_MILLI = ("ms", "msec", "milli", "毫")


class Columns(NamedTuple):
    """Column numbers, from 0. `scale` converts numbers to seconds, or is None if the header does not tell."""

    start: int
    text: int
    end: int | None
    duration: int | None
    speaker: int | None
    scale: float | None


def columns_of(header: Sequence[str]) -> Columns | None:
    """The columns named by a header; None without a time and a text.

    >>> columns_of(["編號", "Start (ms)", "End", "講者", "逐字稿"])
    Columns(start=1, text=4, end=2, duration=None, speaker=3, scale=0.001)
    """
    places: dict[str, int] = {}
    for place, name in enumerate(header[:100]):
        places.setdefault(_plain(name), place)
    found = {kind: _first(places, names.split()) for kind, names in _NAMES.items()}
    start, text = found["start"], found["text"]
    if start is None or text is None:
        return None
    return Columns(start, text, found["end"], found["duration"], found["speaker"], _scale(header[start]))


def _first(places: Mapping[str, int], names: Sequence[str]) -> int | None:
    return next((places[name] for name in names if name in places), None)


def _plain(name: str) -> str:
    """The letters of a name: `Start (ms)`, `start_time` -> `start`, `starttime`."""
    return _PLAIN.sub("", unicodedata.normalize("NFKC", name[:100]).lower())


def _scale(name: str) -> float | None:
    name = name.strip().lower()
    unit = _UNIT.search(name[:100])
    if unit is None:
        return 0.001 if name.endswith("ms") else None
    return 0.001 if unit[1].startswith(_MILLI) else 1.0
