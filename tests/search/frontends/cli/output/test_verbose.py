"""`-v` says more in every command, and only on stderr; `-q` says less."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.front_ends.commands import COMMANDS, ran
from support.library import Tools, subrip

TYPED = {
    "add": ["SHOW"],
    "update": [],
    "queue": [],
    "sources": [],
    "remove": ["nothing"],
    "index": ["SHOW"],
    "watch": ["--once", "SHOW"],
    "search": ["茶"],
    "read": ["talk"],
    "play": ["--print", "talk"],
    "clip": ["--print", "茶"],
    "episodes": [],
    "chapters": ["talk"],
    "summary": [],
    "terms": ["--frequent"],
    "collocates": ["茶"],
    "similar": ["talk"],
    "concordance": ["茶"],
    "trend": ["茶"],
    "dispersion": ["茶"],
    "variants": ["茶"],
    "alias": ["list"],
    "forget": ["nothing"],
    "speakers": [],
    "status": [],
}


@pytest.mark.parametrize("name", sorted(set(COMMANDS) & set(TYPED)))
def test_every_command_says_more_with_v(
    capsys: pytest.CaptureFixture[str], tools: Tools, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "show"
    folder.mkdir()
    (folder / "talk.srt").write_text(subrip("今天聊茶", "茶好喝"), "utf-8")
    index = tools.index([folder], tmp_path / "index")
    words = [name, *(str(folder) if word == "SHOW" else word for word in TYPED[name]), "--index", str(index)]
    with tools.loaded():
        plain, more, quiet = (ran(capsys, *words, *option) for option in ([], ["-v"], ["-q", "-v"]))
    assert more.out == plain.out == quiet.out
    assert more.code == plain.code
    added = [line for line in more.err.splitlines() if line not in plain.err.splitlines()]
    assert any(line.startswith(f"Index {index}") for line in added)
    assert not [line for line in quiet.err.splitlines() if line in added]
    if name in ("search", "episodes", "trend"):
        stages = [line for line in added if re.fullmatch(r"(Opened|Found|Printed|Done) in \d+\.\d{3} s", line)]
        assert [line.split()[0] for line in stages][:3] == ["Opened", "Found", "Printed"]
        assert f"Index {index}: 1 episode, commit 1" in added


def test_index_names_the_files_it_reads(capsys: pytest.CaptureFixture[str], tools: Tools, tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.srt").write_text(subrip("茶"), "utf-8")
    with tools.loaded():
        run = ran(capsys, "index", str(tmp_path), "-v", "-j", "1", "--index", str(tmp_path / "new"))
    assert f"Read 1 of 2: {tmp_path / '1.srt'}" in run.err.splitlines()
