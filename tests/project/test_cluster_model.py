"""The tables of a growing library in a cluster (docs/design/opensearch-costs.md) are those that the bench makes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

from cluster_model import ROWS, power, tables

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_has_the_tables_of_the_rows() -> None:
    page = (ROOT / "docs" / "design" / "opensearch-costs.md").read_text("utf-8")
    assert tables(ROWS) in page


def test_a_power_goes_through_both_points_and_never_falls() -> None:
    grown = power(10, 2, 1000, 20)
    assert (grown(10), grown(1000), grown(100_000)) == pytest.approx((2, 20, 200))
    assert power(10, 5, 1000, 3)(10**9) == 5
