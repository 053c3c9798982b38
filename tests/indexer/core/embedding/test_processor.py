"""What an x86 processor lacks is known from what the system says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.core.embedding import processor


@pytest.mark.parametrize(
    ("flags", "missing"),
    [
        ("fpu sse2 avx avx2 fma", []),
        ("fpu sse2 avx fma", ["AVX2"]),
        ("fpu sse2", ["AVX2", "FMA"]),
    ],
)
def test_linux_lists_what_a_processor_has(flags: str, missing: list[str], tmp_path: Path) -> None:
    said = tmp_path / "cpuinfo"
    said.write_text(f"processor\t: 0\nmodel name\t: a\nflags\t\t: {flags}\n\nprocessor\t: 1\n", "ascii")
    assert processor.lacking(lambda: processor._of_linux(str(said))) == missing


def test_nothing_is_known_to_be_missing_where_the_system_does_not_say(tmp_path: Path) -> None:
    assert processor.lacking(lambda: processor._of_linux(str(tmp_path / "none"))) == []
    (tmp_path / "arm").write_text("processor\t: 0\nFeatures\t: fp asimd\n", "ascii")
    assert processor.lacking(lambda: processor._of_linux(str(tmp_path / "arm"))) == []
