"""Messages advise an assistant what it can do with its tools, not what a person does with commands."""

from __future__ import annotations

import string

from support.library import ROOT, Tools, spaced

from indexer.core.errors import PodseekProblem
from indexer.core.po_file import parse
from search import Library
from search.frontends.mcp.advice import REWORDED
from search.frontends.mcp.tools import TOOLS

CATALOGUE = ROOT / "podseek" / "locale" / "zh_CN" / "LC_MESSAGES" / "podseek.po"


def test_what_is_reworded_is_a_message_and_keeps_its_values() -> None:
    entries = parse(CATALOGUE.read_text("utf-8"))
    messages = {text for entry in entries for text in (entry.text, entry.plural)}
    assert [text for text in REWORDED if text not in messages] == []
    assert [text for text, other in REWORDED.items() if _values(text) != _values(other)] == []


def _values(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text)}


def told(library: Library, name: str, **given: object) -> str:
    tool = {tool.name: tool for tool in TOOLS}[name]
    try:
        return tool.ask(library, given).text
    except PodseekProblem as problem:
        return str(problem)


def test_no_tool_advises_a_command(tools: Tools) -> None:
    lines = spaced(["今天喝绿茶", "明天喝红茶", "后天什么也不喝"])
    with tools.library({"茶_raw": lines, "茶": lines, "水": spaced(["水开了", "水又开了"])}) as library:
        answers = [
            told(library, "read", episode="nowhere"),
            told(library, "read", episode=" "),
            told(library, "terms", show="show"),
            told(library, "search", query="绿茶", title="nowhere"),
            told(library, "trend", words="绿茶"),
        ]
    assert ["podseek" in answer or "--" in answer or "forget" in answer for answer in answers] == [False] * 5
    assert "the tool episodes lists them" in answers[0]
    assert "frequent: true" in answers[2]
    assert "the tool episodes lists them" in answers[3]
    assert "1 recording counts twice" in answers[4]
