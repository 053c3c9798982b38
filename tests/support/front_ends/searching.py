"""`podseek search` over the small index, run in this process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.front_ends.commands import called
from support.library import Run


@pytest.fixture
def search(tiny_index: Path) -> Any:
    """Runs `podseek search` with some arguments over the small index."""

    def run(*arguments: object) -> Run:
        return called("search", *arguments, index=tiny_index)

    return run
