"""Files and folders as arguments: any path but an empty one. What opens it reports what is wrong, in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from indexer.core.messages import _


class PathArgument(click.Path):
    """A path; unlike click's own type it does not look whether the file is readable, and explain that with the usage of
    the command."""

    def __init__(self) -> None:
        super().__init__(readable=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Returns a Path. Raises BadParameter for an empty one."""
        if not str(value).strip():
            self.fail(_("names no file or folder; is a variable not set?"), param, ctx)
        return super().convert(value, param, ctx)


PATH = PathArgument()
