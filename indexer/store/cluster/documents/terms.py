"""How words, characters and sounds are written as terms of the cluster's indices."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise

from indexer.core.positions.tokens import is_single

_LONGEST = 100
"""Characters of a term. A longer one is a run of letters that nobody says; its digest stands for it."""


def feature(text: str) -> str:
    """The term for a word or character. A dot would be a path in the name of a feature.

    >>> feature("强化"), feature("1.5"), len(feature("a" * 5000))
    ('强化', '1．5', 33)
    """
    if len(text) > _LONGEST:
        return f"~{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"
    return text.replace(".", "．")


def episode_key(episode_id: str) -> str:
    """The document id and the routing of an episode."""
    return hashlib.sha256(episode_id.encode("utf-8", "surrogatepass")).hexdigest()


def passage_id(key: str, revision: str, number: int) -> str:
    """The document id of a passage of an episode with this key."""
    return f"{key}-{revision}-{number}"


def run_token(first: str, second: str) -> str:
    """The term for two adjacent atoms.

    >>> run_token("强", "化"), run_token("gpu", "训")
    ('强化', 'gpu_训')
    """
    between = "" if is_single(first) and is_single(second) else "_"
    return f"{feature(first)}{between}{feature(second)}"


OF_WORD, OF_CHARACTER = "w", "c"
"""How the id of an entry of the vocabulary begins."""


def entry_id(prefix: str, term: str) -> str:
    """The document id of a word or character in the vocabulary.

    >>> entry_id(OF_WORD, "1.5")
    'w:1．5'
    """
    return f"{prefix}:{feature(term)}"


PEAKED = "~"
"""Where the peaks of an episode's runs are stored, this is among them."""


def run_feature(atoms: Sequence[str]) -> str:
    """The term for a run of atoms among the peaks of an episode.

    >>> run_feature(("强", "化")), run_feature(("gpu", "训", "练"))
    ('强化', 'gpu_训练')
    """
    features = list(map(feature, atoms))
    between = ["" if is_single(one) and is_single(other) else "_" for one, other in pairwise(atoms)]
    return "".join(f"{one}{then}" for one, then in zip(features, [*between, ""], strict=True))


def run_tokens(atoms: Sequence[str]) -> Iterator[str]:
    """The terms of the atoms of an episode: as many as atoms, less one, so that the place of a term is that of its
    first atom."""
    return (run_token(first, second) for first, second in pairwise(atoms))


def sound_token(first: int, second: int) -> str:
    """The term for the sound classes of two adjacent atoms.

    >>> sound_token(26, 0)
    '1a00'
    """
    return f"{first:02x}{second:02x}"


def sound_tokens(classes: bytes) -> Iterator[str]:
    """The terms of the sound classes of an episode; the place of a term is that of its first atom."""
    return (sound_token(first, second) for first, second in pairwise(classes))
