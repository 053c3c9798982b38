"""Proposes chapters: where a new topic begins, by what is announced, and by how the words change.

Between the words of a minute or two before and after a border there is little in common (Hearst, TextTiling:
segmenting text into multi-paragraph subtopic passages, 1997), and speakers say that they go on to something else.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.explore.function_words import FUNCTION_WORDS
from search.explore.words import Words
from search.postings import Postings

BLOCK_SECONDS = 120.0
"""What is compared before and after a border."""
SMOOTH_SECONDS = 20.0
"""How alike they are is averaged over so long before and after: without it every cue is a valley of its own."""
APART_SECONDS = 90.0
"""A chapter lasts so long, at least."""
EVERY_SECONDS = 300.0
"""A chapter lasts so long, on average, unless a number of chapters is asked for."""
NUMBERED, ANNOUNCED = 3.0, 0.05
"""What it adds to the depth of a border, which is 0 to 2, that a numbered part is announced, or anything new."""
NUMBERED_APART_SECONDS = 30.0

# Folded text of a cue: what says that a numbered part begins, and what only sounds like a new topic.
_THINGS = "篇|条新闻|个(?:话题|问题|部分|主题|故事|新闻|环节|板块)|部分|章|位嘉宾"
_BEGINS = rf"(?:本期|节目|今天|这是|来看|进入|首先|接下来|下面).{{0,8}}第[一二三四五六七八九十\d]+(?:{_THINGS})"
_GOES_ON = (
    rf"第[一二三四五六七八九十\d]+(?:{_THINGS})"
    r"|(?:接下来|下面|然后|现在)(?:我们|咱们)?(?:来|再|就)?(?:聊聊?|讲讲?|说说?|谈谈?|看看?|进入|讨论)"
    r"|(?:下一|另一|最后一)(?:个|篇|条|位)(?:话题|问题|论文|部分|新闻|主题|环节)?"
    r"|(?:我们|咱们)(?:今天)?(?:先|再)来?(?:聊|讲|说|谈|看)"
    r"|(?:换|进入)(?:一?个|下一?个)?(?:话题|主题|环节|部分)"
    r"|(?:next|first|last|final)(?:up| topic| paper| question| chapter)|let's (?:talk|move on|turn)|moving on"
)


@dataclass(frozen=True, slots=True)
class Border:
    """A place where a topic may begin: the cue, its start in seconds, and how likely that is; from 3 on a numbered part
    is announced there."""

    cue: int
    start: float
    depth: float


def find_borders(words: Words, episode: int, most: int | None = None) -> list[Border]:
    """The borders inside an episode in order of time, the `most` likely of them, or one for each five minutes."""
    postings = words.postings
    times = postings.times(episode)
    if len(times) < 2:
        return []
    starts = [start / 1000 for start in times.starts]
    depths = _depths(_smoothed(_gaps(_bags(words, episode), starts), starts))
    texts, _ = postings.text(episode)
    heard = [_heard(postings.folding.fold(text)) for text in texts]
    scored = [Border(cue, starts[cue], depth + heard[cue]) for cue, depth in enumerate(depths)]
    length = times.end(len(times) - 1) / 1000 - starts[0]
    wanted = max(0, round(length / EVERY_SECONDS) - 1) if most is None else most
    return sorted(_apart(scored, wanted, most is None, starts[0], length), key=lambda border: border.start)


def _heard(folded: str) -> float:
    """What a cue says of a new topic."""
    if re.search(_BEGINS, folded):
        return NUMBERED
    return ANNOUNCED if re.search(_GOES_ON, folded) else 0.0


def _apart(borders: Sequence[Border], most: int, all_numbered: bool, begin: float, length: float) -> list[Border]:
    """The likeliest borders, none too near to another or to the ends; numbered parts are borders in any case, when
    `all_numbered`."""
    kept: list[Border] = []
    edges = [begin, begin + length]
    for border in sorted(borders, key=lambda border: (-border.depth, border.start)):
        is_numbered = border.depth >= NUMBERED
        if border.depth <= 0.0 or (len(kept) >= most and not (all_numbered and is_numbered)):
            break
        apart = NUMBERED_APART_SECONDS if is_numbered else APART_SECONDS
        if all(abs(border.start - edge) >= apart for edge in edges):
            kept.append(border)
            edges.append(border.start)
    return kept


def _bags(words: Words, episode: int) -> list[Counter[int]]:
    """The content words of each cue, by number."""
    said, starts = words[episode], words.starts(episode)
    first = words.postings.times(episode).first
    skipped = words.numbers(FUNCTION_WORDS) | words.figures
    bags = []
    for begin, end in pairwise(first):
        spoken = said[bisect_left(starts, begin) : bisect_left(starts, end)]
        bags.append(Counter(number for number in spoken if number not in skipped))
    return bags


def _gaps(bags: Sequence[Mapping[int, int]], starts: Sequence[float]) -> list[float]:
    """How alike the words before and after the start of each cue are: the cosine of their counts, 0 to 1."""
    before: Counter[int] = Counter()
    after: Counter[int] = Counter()
    first = last = 0
    alike = []
    for cue, start in enumerate(starts):
        while last < len(bags) and starts[last] < start + BLOCK_SECONDS:
            after.update(bags[last])
            last += 1
        while starts[first] < start - BLOCK_SECONDS and first < cue:
            before.subtract(bags[first])
            first += 1
        alike.append(_cosine(before, after))
        after.subtract(bags[cue])
        before.update(bags[cue])
    return alike


def _smoothed(values: Sequence[float], starts: Sequence[float]) -> list[float]:
    """The mean of the values around each, in time; where time stands still or goes back, at least itself."""
    smooth = []
    for cue, start in enumerate(starts):
        low = min(cue, bisect_left(starts, start - SMOOTH_SECONDS))
        high = max(cue + 1, bisect_left(starts, start + SMOOTH_SECONDS))
        smooth.append(sum(values[low:high]) / (high - low))
    return smooth


def _cosine(one: Mapping[int, int], other: Mapping[int, int]) -> float:
    """The cosine of two vectors of counts, 0 where one is empty."""
    if len(other) < len(one):
        one, other = other, one
    product = sum(count * other.get(number, 0) for number, count in one.items())
    lengths = math.sqrt(_square(one.values()) * _square(other.values()))
    return product / lengths if lengths else 0.0


def _square(counts: Iterable[int]) -> int:
    return sum(count * count for count in counts)


def _depths(alike: Sequence[float]) -> list[float]:
    """How deep each place lies between the peaks on both sides: (left peak - here) + (right peak - here); Hearst
    (1997)."""
    left = _climbed(alike)
    right = _climbed(alike[::-1])[::-1]
    return [one + other - 2 * here for one, other, here in zip(left, right, alike, strict=True)]


def _climbed(alike: Sequence[float]) -> list[float]:
    """The height that is reached from each place by climbing to the left until it goes down again."""
    peaks: list[float] = []
    for place, here in enumerate(alike):
        climbing = place > 0 and alike[place - 1] >= here
        peaks.append(peaks[-1] if climbing else here)
    return peaks


def place_of(postings: Postings, episode: int, seconds: float) -> int:
    """The first atom that is said at or after a time."""
    times = postings.times(episode)
    cue = bisect_left(times.starts, round(seconds * 1000))
    return times.first[min(cue, len(times))]
