"""The console examples of the READMEs and the pages of docs/ show what the program really prints."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples(name: str) -> list[tuple[str, str]]:
    """(command, output) of each example in a document."""
    found = []
    for block in BLOCK.findall((ROOT / name).read_text("utf-8")):
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = example.partition("\n")
            found.append((command, output))
    return found


PAGES = ["README.md", "README.zh-CN.md", *sorted(f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("name", PAGES)
def test_the_examples_print_what_the_document_shows(name: str, tmp_path: Path) -> None:
    shown = examples(name)
    if name.startswith("README"):
        assert len(shown) >= 5
    elif shown:
        run("podseek index corpus", tmp_path)  # as the pages say
    for command, output in shown:
        assert run(command, tmp_path) == output, command


PYTHON = re.compile(r"^```python\n(import podseek\n.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", PAGES)
def test_the_python_examples_run(name: str, tmp_path: Path) -> None:
    """On the sample corpus, as they are."""
    shown = PYTHON.findall((ROOT / name).read_text("utf-8"))
    if shown:
        run("podseek index corpus", tmp_path)
    for example in shown:
        ran = subprocess.run(
            [sys.executable, "-c", example], cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True
        )
        assert (ran.returncode, ran.stderr) == (0, "")


def environment(folder: Path) -> dict[str, str]:
    """The variables of a process whose index is in the folder."""
    return {**os.environ, "PODSEEK_INDEX": str(folder / "index"), "PYTHONUTF8": "1"}


def run(command: str, folder: Path) -> str:
    """What a command prints; the index is in the folder."""
    program, *arguments = shlex.split(command)
    assert program == "podseek"
    command_line = [sys.executable, "cli.py", *arguments]
    ran = subprocess.run(command_line, cwd=ROOT, env=environment(folder), capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr
