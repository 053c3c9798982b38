"""Files of any size: an awkward piece repeated inside each format, and structures with two growing parts."""

from __future__ import annotations

import json
from collections.abc import Callable

PIECES = [
    *("\r", "\n", "\r\n", "\r\r\n", "\n\r", "a\r", "a\n", "a\n\n", "     \n", "1\n", '"\n', "一\n"),
    *(" ", "\t", "\u3000", "\u00a0", "\u2028", "\u0085", "\x0b", "\ufeff", "\u200b", "\u202e", "e\u0301", "\u0301"),
    *(
        "\x00",
        "\x1b[",
        "\ufffd",
        "\U0001f600",
        "0",
        "9",
        "a",
        "a ",
        "ab ab. ",
        "一",
        "一。",
        "哈哈哈\n",
        "\\ud800",
        "\\n",
    ),
    *(":", "::", "：", "00:", "00:00", "0:0 ", "1:2.3,", "00:00:00,", "-", "--", "-->", "--> ", "→", "->>"),
    *(
        "00:00:01,000 --> 00:00:02,000\n",
        "00:01 a\n",
        "[00:01] a\n",
        "张三 00:01\n",
        "00:01 - 00:02 a\n",
        "[00:01.00]a",
    ),
    *("0:00:01.000,0:00:02.000\n", "0:01,0:02,A,a\n", '0:01,0:02,A,"a\n', "1\t2\ta\n", "[00:01]", "(00:01)", "[00:0"),
    *(
        "<",
        ">",
        "<a",
        "<v ",
        "<v A>",
        "<b ",
        "</",
        "<!--",
        "<!",
        "<?x",
        "<time>",
        "<p>",
        "<script>",
        "<time>0:01</time>",
    ),
    *("<00:01.000>", "&", "&amp;", "&#", "&#9", "&a", '"', '""', "'", "\\", '\\"', "{", "}", "{}", "{\\", "{\\an8}"),
    *("{\\p1", "[", "]", "(", "（", "【", '{"a":', '{"start":1,"text":"a"},', "{},", "[],", "null,", "1e9,", '"a",'),
    *(",", ";", "|", "A:", "A:\n", "甲：\n", "问：\n答：\n", "*", "# a\n", "---\n", "`", "> ", "1. ", "...", "://"),
    *("Dialogue: \n", "Dialogue: 0,0:00:01.00,0:00:02.00,,,,,,,a\n", "NOTE a\n\n", "STYLE\n", "[br]", "start,end\n"),
]

_ASS = "[Script Info]\n[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,"
FORMATS = {
    "plain": ("", ""),
    "SubRip": ("1\n00:00:01,000 --> 00:00:02,000\nabc\n\n2\n00:00:03,000 --> 00:00:04,000\n", "\n"),
    "WebVTT": ("WEBVTT\n\n00:01.000 --> 00:02.000\nabc\n\n00:03.000 --> 00:04.000\n<v Li>", "\n"),
    "JSON text": ('{"segments": [{"start": 0, "end": 1, "text": "a"}, {"start": 1, "end": 2, "text": "', '"}]}'),
    "JSON time": ('{"segments": [{"start": 0, "end": 1, "text": "a"}, {"text": "x", "end": 2, "start": "1', 'x"}]}'),
    "JSON": ('{"Paragraphs": [{"start": 0, "text": "ab"}, {"start": 1000, "text": "ab"}], "x": [', ""),
    "TSV": ("start\tend\ttext\n0\t1000\tabc\n", "\t2000\tx\n"),
    "CSV": ("start,end,speaker,text\n0:01,0:02,A,abc\n0:03,0:04,B,abc\n0:05,0:06,A,", "\n"),
    "CSV time": ("start,end,speaker,text\n0:01,0:02,A,abc\n0:03,0:04,B,abc\n1", "x,0:06,A,x\n"),
    "CSV quote": ('start,end,speaker,text\n0:01,0:02,A,abc\n0:03,0:04,B,abc\n0:05,0:06,A,"', "\n"),
    "SubStation": (_ASS, "\n"),
    "LRC": ("[ti:x]\n[00:01.00]abc\n[00:02.00]", "\n[00:03.00]x\n"),
    "LRC tag": ("[ti:x]\n[00:01.00]abc\n[00:02.00]abd\n[offset:1", "x]\n[00:03.00]x\n"),
    "SubViewer": ("0:00:01.000,0:00:02.000\nabc\n\n0:00:03.000,0:00:04.000\n", "\n"),
    "stamped": ("[00:01] abc abc\n[00:05] abc abc\n[00:09] abc abc\n[00:15] abc abc\n[00:20] abc ", "\n"),
    "Markdown": (
        "---\ntitle: x\n---\n# T\n\n**A** (00:01): abc abc\n\n**B** (00:05): abc abc\n\n**A** (00:15): ",
        "\n",
    ),
    "HTML": ("<html><body><cite>A</cite><time>0:00</time><p>abc</p><cite>B</cite><time>0:03</time><p>", "</p></html>"),
    "HTML time": (
        "<html><body><cite>A</cite><time>0:00</time><p>abc</p><cite>B</cite><time>",
        "0:03</time><p>x</p></html>",
    ),
}
"""The text before and after the repeated pieces."""
WITHIN_LINES = ("JSON time", "CSV time", "LRC tag", "HTML time")


def repeated(name: str, piece: str, size: int) -> bytes:
    """A file of about `size` bytes: a format with a piece over and over."""
    before, after = FORMATS[name]
    body = piece * max(1, size // len(piece.encode("utf-8", "replace")))
    if name in ("JSON text", "JSON time"):  # valid JSON, if the piece may occur in a string
        body = body if "\\" in body else body.replace('"', '\\"')
        body = body.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return (before + body + after).encode("utf-8", "replace")


def _rolling(size: int) -> str:
    lines = "a\n" * (size // 4)
    return f"WEBVTT\n\n00:01.000 --> 00:02.000\n{lines}b\n\n00:02.000 --> 00:03.000\n{lines}\n"


def _choruses(size: int) -> str:
    return "[ti:x]\n" + "[00:01.00]" * (size // 20) + "<00:01.00>a" * (size // 20) + "\n[00:02.00]b\n"


def _labels_and_marks(size: int) -> str:
    words = [{"word": "b", "start": 1 + number / 1000} for number in range(size // 40)]
    first = {"start": 1, "end": 900, "text": "A:b\n" * (size // 40), "words": words}
    return json.dumps({"segments": [first, {"start": 900, "end": 901, "text": "B:c"}, {"start": 902, "text": "B:d"}]})


def _html_spaces(size: int) -> str:
    return "<cite>A</cite><time>0:01</time><p>a<p><time>" + " " * (size // 2) + "(" + " " * (size // 2) + "1"


def _comma_and_spaces(size: int) -> str:
    return "0:00:01.000,0:00:02.000\nabc\n\n" + "a," + " " * size + "b x\n"


def _many_keys(size: int) -> str:
    return json.dumps([{f"k{number}": 1 for number in range(size // 12)}, {"start": 1, "text": "a"}])


def _json_in_json(size: int) -> str:
    inner = json.dumps([{"bg": "1", "onebest": "a" * (size // 8)}])
    return json.dumps({"data": [inner] * 8})


STRUCTURES: dict[str, Callable[[int], str | bytes]] = {
    "rolling captions": _rolling,
    "times and words of a chorus": _choruses,
    "labels and marks": _labels_and_marks,
    "spaces in a time of HTML": _html_spaces,
    "spaces behind a comma": _comma_and_spaces,
    "keys": _many_keys,
    "JSON in JSON": _json_in_json,
    "deep JSON": lambda size: "[" * (size // 2) + "]" * (size // 2),
    "deep objects": lambda size: '{"a":' * (size // 6) + "1" + "}" * (size // 6),
    "digits": lambda size: '[{"start": 1, "text": "a"}, {"text": "b", "start": ' + "9" * size + "}]",
    "a number of a character": lambda size: "<cite>A</cite><time>0:01</time><p>a<time>0:02</time><p>&#" + "9" * size,
    "GB18030": lambda size: ("1\n00:00:01,000 --> 00:00:02,000\n" + "的一是" * (size // 6)).encode("gb18030"),
    "Big5": lambda size: ("1\n00:00:01,000 --> 00:00:02,000\n" + "這個們" * (size // 6)).encode("big5"),
    "UTF-16": lambda size: ("1\n00:00:01,000 --> 00:00:02,000\n" + "的\r" * (size // 4)).encode("utf-16"),
    "damaged lines": lambda size: b"1\n00:00:01,000 --> 00:00:02,000\n" + b"\xff\r" * (size // 2),
    "damaged bytes": lambda size: b"1\n00:00:01,000 --> 00:00:02,000\n" + b"\xff\xfe\x80" * (size // 3),
    "no encoding": lambda size: b"1\n00:00:01,000 --> 00:00:02,000\n" + bytes(range(128, 256)) * (size // 128),
}
"""Files by requested size."""
