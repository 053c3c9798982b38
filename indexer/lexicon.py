"""The user dictionary `lexicon.txt`: words jieba shall keep whole, one a line."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path

from indexer.fold import Folding
from indexer.readers.encoding import decode

FILE = "lexicon.txt"
LONGEST_WORD = 32
"""Characters. Longer entries are sentences, and slow every cut."""


def find_lexicons(paths: Iterable[Path]) -> list[Path]:
    """The `lexicon.txt` of each folder named, where there is one."""
    return [path / FILE for path in paths if path.is_dir() and (path / FILE).is_file()]


def read_lexicon(path: Path, folding: Folding) -> list[str]:
    """The folded words of a lexicon. The first column counts; `#` starts a comment.

    Raises OSError when the file cannot be read, ValueError for a word that is too long.
    """
    if not path.is_file():
        raise OSError(errno.EINVAL, "not a file", str(path))
    words = []
    for line in decode(path.read_bytes()).text.lstrip("\ufeff").splitlines():
        columns = line.partition("#")[0].split()
        if columns:
            if len(columns[0]) > LONGEST_WORD:
                raise ValueError(f"a word of {len(columns[0]):,} characters, at most {LONGEST_WORD}")
            words.append(folding.fold(columns[0]))
    return words
