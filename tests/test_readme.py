"""The console examples of the READMEs show what the program really prints."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples(name: str) -> list[tuple[str, str]]:
    """(command, output) of each example in a document."""
    found = []
    for block in BLOCK.findall((ROOT / name).read_text("utf-8")):
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = example.partition("\n")
            found.append((command, output))
    return found


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_examples_print_what_the_document_shows(name: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PODSEEK_INDEX": str(tmp_path / "index"), "PYTHONUTF8": "1"}
    shown = examples(name)
    assert len(shown) >= 5
    for command, output in shown:
        program, *arguments = shlex.split(command)
        assert program == "podseek"
        command_line = [sys.executable, "cli.py", *arguments]
        ran = subprocess.run(command_line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert ran.stdout + ran.stderr == output, command
