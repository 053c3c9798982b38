"""The names of the indices that make a library.

| name | holds |
|---|---|
| `library` | an alias of the version in use |
| `library-v1` | the episodes and passages of a version; a rebuild makes the next |
| `library-words` | an alias of the vocabulary in use |
| `library-words-v1-e3` | the vocabulary of an epoch |
| `library-meta` | manifest, readings, lexicons, epoch, locks |
"""

from __future__ import annotations

from indexer.core.named_tuples import NamedTuple


class Names(NamedTuple):
    """The names of a library's indices."""

    library: str

    @property
    def words(self) -> str:
        return f"{self.library}-words"

    @property
    def meta(self) -> str:
        return f"{self.library}-meta"

    def version(self, number: int) -> str:
        return f"{self.library}-v{number}"

    def words_of(self, version: int, epoch: int) -> str:
        return f"{self.words}-v{version}-e{epoch}"
