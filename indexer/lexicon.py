"""The user dictionary `lexicon.txt`: words jieba shall keep whole, one a line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from indexer.fold import Folding
from indexer.readers.encoding import decode

FILE = "lexicon.txt"


def find_lexicons(paths: Iterable[Path]) -> list[Path]:
    """The `lexicon.txt` of each folder named, where there is one."""
    return [path / FILE for path in paths if path.is_dir() and (path / FILE).is_file()]


def read_lexicon(path: Path, folding: Folding) -> list[str]:
    """The folded words of a lexicon. The first column counts; `#` starts a comment.

    Raises OSError when the file cannot be read.
    """
    words = []
    for line in decode(path.read_bytes()).text.lstrip("\ufeff").splitlines():
        columns = line.partition("#")[0].split()
        if columns:
            words.append(folding.fold(columns[0]))
    return words
