"""The table of relevance in bench/SPEED.md is that of the committed figures."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

from shared.tables import relevance_table

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_has_the_committed_relevance() -> None:
    assert relevance_table().markdown().strip() in (ROOT / "bench" / "SPEED.md").read_text("utf-8")
