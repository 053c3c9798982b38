"""Detects speech recognition hallucinations: loops of repeated lines, and stock phrases from the training data.

Such cues are still found, but damped: they rank last, and statistics leave them out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from indexer.core.types import LOOP, STOCK, Damped

REPEATS = 5
"""A line, or a group of up to `LONGEST_ROUND` lines, repeated this often in a row is a loop; the first round is
kept."""
LONGEST_ROUND = 4
"""Maximum number of cues in one round of a loop."""
_BABBLE = 24
"""Minimum length in atoms of a cue that can be a loop by itself."""
_FEW = 6
"""Minimum average number of occurrences of each distinct atom in such a cue."""
_ROUND = r"(?s)(.{1,12}?)\1{4,}"

# Matched against whole cues only: people do say these phrases inside longer sentences.
_STOCK = r"""
    请?(?:大家)?不吝点赞.*
  | (?:请)?(?:订阅|点赞|转发|打赏).{0,6}支持明镜.*
  | .*明镜(?:与|和)点点栏目.*
  | .*字幕(?:由|by|:)?.{0,4}amaraorg.*
  | .*amaraorg(?:社群|社区|community).*
  | (?:中文)?字幕(?:志愿者|提供|制作|校对|组).{0,12}
  | (?:中文)?字幕by.{1,12} | 中文字幕[a-z].{0,12}
  | (?:非常)?(?:谢谢|感谢)(?:大家|您|你|你们|各位)?(?:的)?(?:观看|收看).{0,6}
  | 优优独播剧场.* | .*yoyotelevisionseriesexclusive.*
  | (?:请|欢迎)?(?:大家)?(?:订阅|关注)(?:我|我的|我们的|本)频道.{0,8}
  | .*mingpaocanada.* | .*mingpaotoronto.*
  | (?:thanks|thankyou)forwatching.{0,20}
  | (?:please)?(?:likeand)?subscribe(?:tomychannel|tothechannel)?
  | subtitlesbythe?amaraorgcommunity
  | subscribe(?:like|share).*
"""
_IN_STOCK = re.compile("[赞镜幕看优频a-z]")
"""Every stock phrase contains one of these characters."""
_LONGEST_STOCK = 60


def find_damped(units: str, first: Sequence[int], texts: Sequence[str]) -> list[Damped]:
    """Returns the damped stretches of an episode in order.

    `units` are its coded atoms; `first` holds the position of the first atom of each cue, plus the end; `texts` are the
    folded texts of the cues.
    """
    said = [units[begin:end] for begin, end in pairwise(first)]
    loops = _looping(said)
    kinds = [
        LOOP if number in loops or _babbles(line) else STOCK if _is_stock(text) else ""
        for number, (line, text) in enumerate(zip(said, texts, strict=True))
    ]
    return list(_stretches(kinds))


def _looping(said: Sequence[str]) -> set[int]:
    """The cues that repeat the preceding one or few over and over, excluding the first round."""
    found: set[int] = set()
    for size in range(1, LONGEST_ROUND + 1):
        run = 0
        for number in range(size, len(said) + 1):
            if number < len(said) and said[number] and said[number] == said[number - size]:
                run += 1
                continue
            if run >= size * (REPEATS - 1):
                found.update(range(number - run, number))
            run = 0
    return found


def _babbles(line: str) -> bool:
    """True for a cue that mostly repeats one short string."""
    if len(line) < _BABBLE or len(set(line)) * _FEW > len(line):
        return False
    repeated = sum(len(match[0]) for match in re.finditer(_ROUND, line))
    return 2 * repeated > len(line)


def _is_stock(folded: str) -> bool:
    if len(folded) > _LONGEST_STOCK or not _IN_STOCK.search(folded):
        return False
    letters = "".join(filter(str.isalnum, folded))
    return bool(letters) and _stock().fullmatch(letters) is not None


@lru_cache(1)
def _stock() -> re.Pattern[str]:
    return re.compile(_STOCK, re.VERBOSE)  # compiled on demand: a search never detects, it reads the stored stretches


def _stretches(kinds: Sequence[str]) -> Iterator[Damped]:
    begin = 0
    for number in range(1, len(kinds) + 1):
        if number == len(kinds) or kinds[number] != kinds[begin]:
            if kinds[begin]:
                yield Damped(begin, number, kinds[begin])
            begin = number
