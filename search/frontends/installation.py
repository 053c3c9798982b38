"""What is installed and set up, and what to do about the rest (`podseek doctor`). No check raises: whatever is wrong
becomes a finding."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from indexer.core.errors import PodseekProblem
from indexer.core.messages import N_, _, ngettext
from search.frontends.extras import EXTRAS, install_command

_FONTS = ("Noto Sans CJK", "NotoSansCJK", "Source Han", "SourceHan", "WenQuanYi", "wqy", "PingFang", "msyh", "simsun")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `what` is in English, for programs; `state` is good, missing (something
    optional) or bad; `cure` says what to do."""

    what: str
    state: str
    found: str
    cure: str = ""


def findings(index: Path | None) -> list[Finding]:
    """Everything that was looked at, in order. `index` is the index that was named; None for the default one."""
    return [
        _version(),
        _compiled(),
        _config(),
        *_index(index),
        _players(),
        _program("ffmpeg", _("cuts clips out of audio"), _("install ffmpeg")),
        _recogniser(),
        *(_extra(name, modules) for name, modules in EXTRAS.items()),
        _font(),
    ]


def _version() -> Finding:
    try:
        version = metadata.version("podseek")
    except metadata.PackageNotFoundError:
        version = _("run from a source folder")
    return Finding("podseek", "good", f"{version}, Python {'.'.join(map(str, sys.version_info[:3]))}")


def _compiled() -> Finding:
    from indexer.core.native import is_compiled

    if is_compiled:
        return Finding(N_("hot loops"), "good", _("compiled"))
    return Finding(
        N_("hot loops"), "missing", _("in Python, which is slower"), _("install a C compiler and podseek again")
    )


def _config() -> Finding:
    from indexer.core.configuration.settings import read_settings
    from search.frontends.cli.arguments.defaults_check import check, commands_of_program

    try:
        settings = read_settings()
        if not settings.is_checked:
            check(settings, commands_of_program())
    except PodseekProblem as problem:
        return Finding(N_("configuration"), "bad", str(problem))
    return Finding(N_("configuration"), "good", settings.path or _("none, so that everything has its default"))


def _index(named: Path | None) -> Iterator[Finding]:
    from indexer.core.configuration.paths import default_index
    from indexer.store.library.sources import read_sources
    from search import open_library

    try:
        folder = named or default_index()
        if not folder.exists():
            cure = _("`podseek add FEED` or `podseek add FOLDER` makes it")
            yield Finding(N_("index"), "missing", _("{folder}: there is none yet").format(folder=folder), cure)
            return
        with open_library(folder) as library:
            count = len(library.episodes())
        found = ngettext("{folder}: {n:,} episode", "{folder}: {n:,} episodes", count).format(folder=folder, n=count)
        yield Finding(N_("index"), "good", found)
        sources = read_sources(folder)
        away = [one.place for one in sources if not one.is_feed and not Path(one.place).exists()]
        found = ngettext("{n:,} feed or folder", "{n:,} feeds and folders", len(sources)).format(n=len(sources))
        if away:
            cure = _("{place} is not there: bring it back, or `podseek remove` it").format(place=away[0])
            yield Finding(N_("sources"), "bad", found, cure)
        else:
            yield Finding(N_("sources"), "good", found)
        free = shutil.disk_usage(folder).free
        room = _("{n:,} MB free").format(n=free // 1_000_000)
        yield Finding(
            N_("disk"), "good" if free > 200_000_000 else "bad", room, "" if free > 200_000_000 else _("make room")
        )
    except (PodseekProblem, OSError) as problem:
        yield Finding(N_("index"), "bad", str(problem))


def _players() -> Finding:
    from search.frontends.media.player import NAMES, play_command

    found = [name for name in NAMES if name != "browser" and play_command("a", 0.0, name)[1]]
    if found:
        return Finding(N_("player"), "good", ", ".join(found))
    return Finding(
        N_("player"), "missing", _("none found"), _("install mpv or VLC; `podseek play --browser` works without")
    )


def _program(name: str, use: str, cure: str) -> Finding:
    if shutil.which(name):
        return Finding(name, "good", use)
    return Finding(name, "missing", _("not installed"), cure)


def _recogniser() -> Finding:
    from indexer.intake.recogniser import choose

    try:
        chosen = choose()
    except PodseekProblem as problem:
        return Finding(N_("recogniser"), "missing", str(problem))
    return Finding(N_("recogniser"), "good", f"{chosen.name} ({chosen.command[0]})")


_NAMES = {"plot": "--plot", "meaning": "--meaning"}
"""Extra -> what needs it, where that is no command of the same name."""


def _extra(name: str, modules: tuple[str, ...]) -> Finding:
    from importlib.util import find_spec

    what = _NAMES.get(name, f"podseek {name}")
    missing = [module for module in modules if find_spec(module) is None]
    if not missing:
        return Finding(what, "good", ", ".join(modules))
    return Finding(
        what, "missing", _("not installed: {packages}").format(packages=", ".join(missing)), install_command(name)
    )


def _font() -> Finding:
    """Pictures (.png) are drawn with a font of the system; only Linux may have none with Chinese characters."""
    if sys.platform != "linux":
        return Finding(N_("Chinese font"), "good", _("of the system"))
    places = ("/usr/share/fonts", "/usr/local/share/fonts", str(Path.home() / ".local/share/fonts"))
    for place in places:
        for __, ___, names in os.walk(place):
            for name in names:
                if any(font.replace(" ", "").lower() in name.replace(" ", "").lower() for font in _FONTS):
                    return Finding(N_("Chinese font"), "good", name)
    cure = _("install one, such as fonts-noto-cjk, for pictures in PNG")
    return Finding(N_("Chinese font"), "missing", _("none found"), cure)
