"""The examples of answers in docs/ are what the tools answer of the sample corpus."""

from __future__ import annotations

import json
import re

import pytest
from support.library import ROOT

from search import Library
from search.frontends.mcp.tools import TOOLS

BY_NAME = {tool.name: tool for tool in TOOLS}
EXAMPLE = re.compile(rf"^```text\n({'|'.join(BY_NAME)}) (\{{[^\n]*\}})\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", ["results.md", "results.zh-CN.md"])
def test_the_examples_are_what_the_tools_answer(sample: Library, page: str) -> None:
    examples = EXAMPLE.findall((ROOT / "docs" / page).read_text("utf-8"))
    assert len(examples) >= 2
    for name, given, answer in examples:
        assert BY_NAME[name].ask(sample, json.loads(given)).text == answer
