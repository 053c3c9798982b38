"""Messages advise an assistant what it can do with its tools, not what a person does with commands."""

from __future__ import annotations

import pytest
from support.library import ROOT, Tools, spaced

from indexer.core.errors import PodseekProblem
from search import Library
from search.frontends.mcp.advice import ADVICE, for_assistant
from search.frontends.mcp.tools import TOOLS

CATALOGUE = ROOT / "podseek" / "locale" / "zh_CN" / "LC_MESSAGES" / "podseek.po"


@pytest.mark.parametrize("command", [command for command, _ in ADVICE])
def test_what_is_replaced_is_said_somewhere(command: str) -> None:
    assert command in CATALOGUE.read_text("utf-8").replace('"\n"', "")


def told(library: Library, name: str, **given: object) -> str:
    tool = {tool.name: tool for tool in TOOLS}[name]
    try:
        return tool.ask(library, given).text
    except PodseekProblem as problem:
        return for_assistant(str(problem))


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
