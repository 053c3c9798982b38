"""Where sentences are likely to begin in Chinese speech that is written without punctuation: at words that open one,
and after words that close one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise


def _read(table: str) -> Mapping[str, float]:
    cells = table.split()
    return dict(zip(cells[::2], map(float, cells[1::2]), strict=True))


OPENS = _read("""
哦 3.4 嗯 2.6 哎 2.5 对 2.2 所以 2.2 那 2.1 但 2.1 但是 2.0 然后 1.9 呃 1.6 如果 1.4 因为 1.2 啊 1.1 我 0.9 其实 0.8
你 0.7 这 0.7 他 0.5 也 -1.2 在 -1.3 说 -1.5 很 -1.6 都 -1.7 去 -2.0 做 -2.1 一个 -2.4 人 -2.4 觉得 -2.8 一些 -4.0
东西 -4.5 呢 -5.7 的 -5.8 时候 -6.0 的话 -6.3 嘛 -6.7 吗 -7.1 吧 -7.4 了 -8.9
""")
CLOSES = _read("""
吗 6.8 吧 3.8 嘛 2.5 呢 2.0 啊 1.8 嗯 1.8 了 1.6 什么 0.8 对 0.7 是 -0.8 这个 -1.5 有 -1.5 那个 -1.6 他 -1.7 一个 -1.8
觉得 -1.9 就是 -2.1 会 -2.1 你 -2.2 我 -2.5 呃 -2.5 其实 -2.6 在 -2.7 我们 -2.7 不 -2.7 这 -2.7 要 -2.7 那 -2.9
然后 -3.0 所以 -3.1 都 -3.2 很 -3.2 就 -3.4 也 -3.4 但是 -3.4 因为 -4.1 跟 -4.4 但 -4.7 把 -5.2
""")
"""How much oftener than elsewhere a sentence begins before a word (OPENS) and after one (CLOSES), as a logarithm, in
Chinese talk that has punctuation; docs/design/exploration.md. Words are folded, and as the index cuts them."""
LEAST, MOST, SHORTEST = 4.0, 12.0, 2.0
"""Seconds that the sentences to look for last, and the least that the last one may."""


def likely_starts(said: Sequence[str], times: Sequence[float], end: float) -> list[int]:
    """Returns the words at which sentences of a stretch of speech probably begin, but the first, in order: each at the
    likeliest word from LEAST to MOST seconds after the one before, and where words do not tell, in the middle of that.

    `said` are the words of the stretch, `times` their starts in seconds, ascending; it ends at `end`.
    """
    likely = [0.0, *(CLOSES.get(before, 0.0) + OPENS.get(after, 0.0) for before, after in pairwise(said))]
    found = [0]
    while times and end - (begin := times[found[-1]]) > MOST:
        first = max(found[-1] + 1, bisect_left(times, begin + LEAST))
        until = bisect_right(times, min(begin + MOST, end - SHORTEST))
        places = range(first, until) or range(max(first, until), bisect_right(times, end - SHORTEST))[:1]
        if not places:
            break
        found.append(max(places, key=lambda word: (likely[word], -abs(times[word] - begin - (LEAST + MOST) / 2))))
    return found[1:]
