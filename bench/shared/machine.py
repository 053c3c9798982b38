"""What the figures of a bench depend on: the machine, its load, and the versions of libraries."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from shared.processes import run

BUSY = 0.5
"""Processes already running at which times become noisy."""
LIBRARIES = ("whoosh3", "jieba", "pypinyin", "opencc", "click", "tantivy")


def machine(text: str) -> dict[str, str]:
    """What the figures depend on."""
    busy = os.getloadavg()[0]
    if busy > BUSY:
        print(f"the load is {busy:.1f}: other processes are running, times will be noisy", file=sys.stderr)
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    found = {
        "text": text,
        "processor": f"{(models or [platform.machine()])[0]}, {os.cpu_count()} cores, load {busy:.1f} at the beginning",
        "system": platform.system(),
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
    }
    found.update(versions())
    if shutil.which("rg"):
        found["ripgrep"] = run(["rg", "--version"]).output.split()[1]
    return found


def versions() -> Iterator[tuple[str, str]]:
    """The libraries that are installed, each with its version."""
    for library in LIBRARIES:
        try:
            yield library, version(library)
        except PackageNotFoundError:
            continue
