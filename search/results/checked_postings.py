"""Compares the postings of an index with its streams, an episode at a time: all of its words are found in one pass, and
of each episode only a number for each term is kept until its turn."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from indexer.core.positions.token_stream import ENCODINGS, Stream, is_basic, is_plain
from indexer.core.positions.tokens import split_atoms
from search.matching.word_positions import cut_so

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_USUAL = 2
"""The bytes of a unit in most streams."""

_Packed: TypeAlias = "dict[int, array[int]]"
"""episode -> what the postings say of it: for each term its number, shifted by 32 bits, and how often it occurs."""


def wrong_postings(snapshot: Snapshot, words: Sequence[str], step: Callable[[], None]) -> Iterator[int]:
    """Yields the episodes whose postings differ from their streams, in order. `words` are all of the vocabulary. `step`
    is called for each episode."""
    characters = list(snapshot.characters())
    of_characters = _packed(snapshot, map(snapshot.char_episodes, characters))
    of_words = _packed(snapshot, map(snapshot.word_episodes, words))
    plain = [word.encode(ENCODINGS[_USUAL]) if is_plain(word) else b"" for word in words]
    for episode in sorted(of_words):
        step()
        stream = snapshot.stream(episode)
        counted = Counter(stream.units())
        expected = {unit: count for unit, count in counted.items() if is_basic(unit)}
        said = {characters[number]: count for number, count in _terms_of(of_characters.pop(episode))}
        counts = list(_terms_of(of_words.pop(episode)))
        known = [plain[number] if stream.width == _USUAL else b"" for number, _ in counts]
        needles = [needle or _needle(stream, words[number]) for needle, (number, _) in zip(known, counts, strict=True)]
        if said != expected or _differ(snapshot, episode, needles, [count for _, count in counts]):
            yield episode


def _packed(snapshot: Snapshot, postings: Iterator[Mapping[int, int]]) -> _Packed:
    packed: _Packed = {episode: array("Q") for episode in snapshot.episodes()}
    for number, counts in enumerate(postings):
        base = number << 32
        for episode, count in counts.items():
            packed[episode].append(base | count)
    return packed


def _terms_of(packed: array[int]) -> Iterator[tuple[int, int]]:
    return ((one >> 32, one & 0xFFFFFFFF) for one in packed)


def _needle(stream: Stream, word: str) -> bytes:
    """A word as it stands in a stream; empty if that has none of its names."""
    return stream.encoded(tuple(split_atoms(word)))


def _differ(snapshot: Snapshot, episode: int, needles: Sequence[bytes], counts: Sequence[int]) -> bool:
    """True if one of the words does not occur so often where it is cut as a word."""
    if not all(needles):
        return True
    stream, marks = snapshot.stream(episode), snapshot.marks(episode)
    return any(
        len(places) != count and len(cut_so(places, len(needle) // stream.width, marks)) != count
        for places, needle, count in zip(stream.find_needles(needles), needles, counts, strict=True)
    )
