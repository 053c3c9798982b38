"""ripgrep over the raw files: no index, nothing to keep up to date, every byte read for each query.

Fair: it is what people with a folder of transcripts use, on all cores, the files in the system's cache. Unfair to
ripgrep: a warm query is a whole process here too. Unfair to podseek: ripgrep does not rank, shows all lines, times are
lines of their own that it does not print, and nothing is found across cues. Several words are an OR.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from peers import KINDS, NEAR, Ask, Query


@dataclass(frozen=True, slots=True)
class Ripgrep:
    title: str = "ripgrep"
    kinds: tuple[str, ...] = tuple(kind for kind in KINDS if kind not in ("prefix", "homophone"))
    largest: int | None = None
    shares: str | None = None

    def missing(self) -> str | None:
        return None if shutil.which("rg") else "apt install ripgrep, brew install ripgrep or cargo install ripgrep"

    def build(self, folder: Path, index: Path) -> None:
        pass

    def add(self, file: Path, index: Path) -> None:
        pass

    def open(self, folder: Path, index: Path) -> Ask:
        return lambda query: asked(self.cold(folder, index, query))

    def cold(self, folder: Path, index: Path, query: Query) -> list[str]:
        command = ["rg", "--no-config", "--line-number"]
        if query.kind == "NEAR":
            one, other = map(re.escape, query.words)
            return [*command, f"{one}.{{0,{NEAR}}}{other}|{other}.{{0,{NEAR}}}{one}", str(folder)]
        patterns = [argument for word in query.words for argument in ("-e", word)]
        return [*command, "--fixed-strings", *patterns, str(folder)]


def asked(command: list[str]) -> int:
    """1 when something was found."""
    return int(subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0)


PEERS = {"rg": Ripgrep()}
