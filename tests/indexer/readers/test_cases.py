"""Every odd transcript in `cases/` reads as the file beside it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.readers import read_bytes

CASES = Path(__file__).resolve().parents[2] / "cases"
EXPECTED = ".expected.json"
TRANSCRIPTS = sorted(path for path in CASES.iterdir() if not path.name.endswith(EXPECTED))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.name)
def test_a_case_reads_as_expected(path: Path) -> None:
    expected = json.loads(path.with_suffix(EXPECTED).read_text("utf-8"))
    transcript = read_bytes(path.name, path.read_bytes())
    assert [[cue.start, cue.end, cue.text] for cue in transcript.cues] == expected["cues"]
    assert [f"{c.line}: {c.what}: {c.action}" for c in transcript.complaints] == expected["complaints"]


def test_every_case_has_an_expectation_and_every_expectation_a_case() -> None:
    assert sorted(path.stem for path in TRANSCRIPTS) == sorted(
        path.name.removesuffix(EXPECTED) for path in CASES.glob(f"*{EXPECTED}")
    )
