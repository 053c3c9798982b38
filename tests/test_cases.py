"""Every odd transcript in `cases/` reads as the file beside it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.readers import read_bytes

CASES = Path(__file__).parent / "cases"

BUGS = {
    "time-line-with-letters": "a time line with a letter in a time becomes text of the cue above, without a complaint",
    "arrow-between-years-in-text": "a text of four digits and an arrow is taken for a broken time line and lost",
    "number-line-before-version-line": "srt.parse fails on a text line of a bare number before one like `1.2.3`",
}


def _case(path: Path) -> object:
    marks = [pytest.mark.xfail(strict=True, reason=BUGS[path.stem])] if path.stem in BUGS else []
    return pytest.param(path, id=path.stem, marks=marks)


@pytest.mark.parametrize("path", [_case(path) for path in sorted(CASES.glob("*.srt"))])
def test_a_case_reads_as_expected(path: Path) -> None:
    expected = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))
    transcript = read_bytes(path.name, path.read_bytes())
    assert [[cue.start, cue.end, cue.text] for cue in transcript.cues] == expected["cues"]
    assert [f"{c.line}: {c.what}: {c.action}" for c in transcript.complaints] == expected["complaints"]


def test_every_case_has_an_expectation_and_every_expectation_a_case() -> None:
    assert {path.stem for path in CASES.glob("*.srt")} == {
        path.name.removesuffix(".expected.json") for path in CASES.glob("*.expected.json")
    }


def test_every_known_bug_is_a_case() -> None:
    assert {path.stem for path in CASES.glob("*.srt")} >= BUGS.keys()
