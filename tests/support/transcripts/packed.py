"""Plain helpers of the tests of archives."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path


def zipped(path: Path, members: Mapping[str, str | bytes]) -> Path:
    """An archive of these members, made with its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path
