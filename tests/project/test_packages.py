"""What is installed is all of the program: setup.cfg lists every package, and every file that a package reads."""

from __future__ import annotations

from collections.abc import Iterator
from configparser import ConfigParser
from fnmatch import fnmatch
from pathlib import Path

from support.library import ROOT

TOPS = ("indexer", "podseek", "search")
OF_THE_BUILD = (".c", ".h", ".so", ".pyd", ".po", ".mo", ".pyc")
"""Files that a build reads or makes."""


def config() -> ConfigParser:
    read = ConfigParser()
    read.read(ROOT / "setup.cfg", "utf-8")
    return read


def files() -> Iterator[Path]:
    for top in TOPS:
        yield from (path for path in (ROOT / top).rglob("*") if path.is_file())


def test_every_package_is_listed() -> None:
    packages = {path.parent.relative_to(ROOT).as_posix().replace("/", ".") for path in files() if path.suffix == ".py"}
    assert packages == set(config()["options"]["packages"].split())


def test_every_file_that_is_read_is_listed() -> None:
    listed = config()["options.package_data"]
    patterns = [
        f"{package.replace('.', '/')}/{pattern.strip()}"
        for package, all_patterns in listed.items()
        for pattern in all_patterns.replace("\n", ",").split(",")
        if pattern.strip()
    ]
    others = [path.relative_to(ROOT).as_posix() for path in files() if path.suffix not in (".py", *OF_THE_BUILD)]
    assert [name for name in others if not any(fnmatch(name, pattern) for pattern in patterns)] == []
