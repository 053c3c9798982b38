"""Reads what was typed in Latin letters as syllables of pinyin."""

from __future__ import annotations

from collections.abc import Collection

_LONGEST_SYLLABLE, _MOST_WAYS = 6, 4


def pinyin_syllables(name: str, syllables: Collection[str]) -> list[tuple[str, ...]]:
    """The ways to read a name as typed pinyin, fewest syllables first.

    >>> pinyin_syllables("gaoshang", frozenset({"gao", "shang", "ga", "o"}))
    [('gao', 'shang'), ('ga', 'o', 'shang')]
    """
    ways: list[list[tuple[str, ...]]] = [[()], *([] for _ in name)]
    for end in range(1, len(name) + 1):
        for start in range(max(0, end - _LONGEST_SYLLABLE), end):
            if name[start:end] in syllables:
                ways[end] += [(*way, name[start:end]) for way in ways[start]]
        ways[end] = sorted(ways[end], key=len)[:_MOST_WAYS]
    return ways[-1]
