"""Chapter detection: proposes where a new topic begins, from announcements and from changes in vocabulary.

Speakers announce a new topic, and each topic has its own vocabulary: a section is a stretch that repeats words which
are rare elsewhere (`search.analysis.topic_segmentation`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from indexer.core.intervals import difference
from indexer.core.timeline import Times
from indexer.core.types import Damped
from search.analysis.topic_segmentation import NO_MATTER_WHAT, Speech
from search.analysis.words import Words

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

STRETCH_SECONDS = 5.0
"""Candidate boundaries are the starts of cues at least this far apart, and announcements."""
APART_SECONDS = 90.0
"""Minimum length of a chapter."""
EVERY_SECONDS = 300.0
"""Average length of a chapter, unless a number of chapters is requested."""
NUMBERED, ANNOUNCED = 100 * NO_MATTER_WHAT, 1.0
"""Log-likelihood, in nats, added to a boundary at the announcement of a numbered part, and of anything new."""
NUMBERED_APART_SECONDS = 30.0
NUMBERED_DEPTH = 3.0
"""Depth added to a boundary at the announcement of a numbered part."""
OWN_SHARE = 0.2
"""The weight of the episode in a word's expected frequency; the index as a whole has the rest."""

# Folded text of a cue: announcements of a numbered part, and of what sounds like a new topic.
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
    """A place where a topic may begin: the cue, its start in seconds, and its depth: the gain in log-likelihood, in
    nats per word, of two chapters around it over one. From 3 on, a numbered part is announced there."""

    cue: int
    start: float
    depth: float


def find_borders(words: Words, episode: int, most: int | None = None) -> list[Border]:
    """Returns the boundaries inside an episode in order of time: the `most` likely, or by default all likely ones, up
    to one per five minutes."""
    times = words.snapshot.times(episode)
    if not len(times):
        return []
    heard = _heard(words.snapshot, episode)
    cues = _candidates(times, heard, words.snapshot.damped_cues(episode))
    seconds = [*(times.starts[cue] / 1000 for cue in cues), words.snapshot.episode(episode).duration]
    gains = [heard.get(cue, 0.0) for cue in cues]
    edges = {0, len(cues), *(at for at, gain in enumerate(gains) if gain == NUMBERED)}

    def may_last(begin: int, end: int) -> bool:
        apart = NUMBERED_APART_SECONDS if begin in edges and end in edges else APART_SECONDS
        return seconds[end] - seconds[begin] >= apart

    said = _said(words, episode, cues)
    speech = Speech([frozenset(stretch) for stretch in said], _usual(words, said))
    if most is None:
        usual = round((seconds[-1] - seconds[0]) / EVERY_SECONDS) - 1
        found = speech.parted(max(usual, gains[1:].count(NUMBERED)), gains, may_last)
    else:
        found = speech.parted(most, gains, may_last, -NO_MATTER_WHAT)
    depths = {at: max(depth, 0.0) + NUMBERED_DEPTH if at in edges else depth for at, depth in found.items()}
    return [Border(cues[at], seconds[at], depth) for at, depth in depths.items()]


def _heard(snapshot: Snapshot, episode: int) -> dict[int, float]:
    """cue -> the log-likelihood its text adds to a boundary."""
    texts, _ = snapshot.text(episode)
    heard = {}
    for cue, text in enumerate(texts):
        folded = snapshot.folding.fold(text)
        if re.search(_BEGINS, folded):
            heard[cue] = NUMBERED
        elif re.search(_GOES_ON, folded):
            heard[cue] = ANNOUNCED
    return heard


def _candidates(times: Times, heard: Collection[int], damped: Iterable[Damped]) -> list[int]:
    """The cues that start a stretch, with ascending times: the first cue, and after it no damped ones."""
    skipped = set(chain.from_iterable(range(one.first, one.end) for one in damped))
    cues = [0]
    for cue, start in enumerate(times.starts):
        later = (start - times.starts[cues[-1]]) / 1000
        if cue not in skipped and (later >= STRETCH_SECONDS or (later > 0 and cue in heard)):
            cues.append(cue)
    return cues


def _said(words: Words, episode: int, cues: Sequence[int]) -> list[list[int]]:
    """The content words of each stretch, by number, without damped cues."""
    snapshot, empty = words.snapshot, words.empty
    first = [*map(snapshot.times(episode).first.__getitem__, cues), snapshot.atoms(episode)]
    damped = snapshot.damped(episode)
    return [
        [
            number
            for begin, end in words.spans(episode, difference([span], damped))
            for number in words[episode][begin:end]
            if number not in empty
        ]
        for span in pairwise(first)
    ]


def _usual(words: Words, said: Iterable[Iterable[int]]) -> dict[int, float]:
    """The expected frequency of each word: a weighted mean of the episode and the index."""
    own = Counter(chain.from_iterable(said))
    said_anywhere = words.counts(words.everything())
    here, everywhere = own.total(), said_anywhere.total()
    return {
        number: OWN_SHARE * count / here + (1 - OWN_SHARE) * said_anywhere[number] / everywhere
        for number, count in own.items()
    }


def place_of(snapshot: Snapshot, episode: int, seconds: float) -> int:
    """The first atom spoken at or after a time."""
    times = snapshot.times(episode)
    cue = bisect_left(times.starts, round(seconds * 1000))
    return times.first[min(cue, len(times))]
