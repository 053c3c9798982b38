"""How likely a chapter begins at a cue: a logistic model of what is said there, of who speaks, of pauses, of how the
words before and after differ (`chapter_cohesion`), and in Chinese of how people open a chapter (`chapter_openings`).

People let a chapter begin where somebody turns to something else, which is mostly a question after a long answer. So
signs are looked for from the cue on: the question itself may be the third sentence.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from search.exploration.chapters.chapter_openings import EVIDENCE, openings
from search.exploration.chapters.topic_segmentation import NO_MATTER_WHAT

if TYPE_CHECKING:
    from search.exploration.chapters.utterances import Utterances

NUMBERED = 100 * NO_MATTER_WHAT
"""At the announcement of a numbered part."""
WEIGHTS: Mapping[str, float] = {
    "you": 0.45,
    "recalls": 0.49,
    "recalls soon": 0.64,
    "hands over": 0.62,
    "hands over soon": 0.38,
    "turns soon": 0.25,
    "names a topic": 1.6,
    "opens": 0.51,
    "none asked": 0.36,
    "asks, then none": 0.13,
    "long": 0.35,
    "pause": 0.24,
    "goes on": -0.64,
    "host": 0.58,
    "answer": 0.11,
    "begins with a question": 0.86,
    "apart, 60 s": 0.48,
    "apart, 150 s": 0.24,
    "brings up": 0.50,
    "drops": 0.22,
}
"""Log-odds for each unit of a feature (`features`), fitted to chapters by people; those of a topic that is named as
such and of pauses are set by hand. docs/design/exploration.md has the measurement."""
BASE = -7.5
"""Log-odds of a cue without any of them."""
NEARBY, HERE = 15.0, math.e
"""Seconds around a cue in which a border counts for it, too, and how many times its own odds count besides."""

_HEAD = 300
"""Characters of a cue that are looked at: an announcement comes first."""
_SOON = 30.0
"""Seconds in which a question comes that begins here."""
_LONGEST_PAUSE, _LONGEST_ANSWER = 3.0, 240.0
"""Seconds from which longer ones are no stronger evidence."""

# Folded text of a cue.
_THINGS = "篇|条新闻|个(?:话题|问题|部分|主题|故事|新闻|环节|板块)|部分|章|位嘉宾"
_NUMBERED = rf"(?:本期|节目|今天|这是|来看|进入|首先|接下来|下面).{{0,8}}第[一二三四五六七八九十\d]+(?:{_THINGS})"
_SIGNS = {
    "asks": r"[?？]|[吗嗎呢]\W*$",
    "you": r"[你您妳]|\byou(?:r|rs|'re|'ve)?\b",
    "recalls": (
        r"(?:刚才|刚刚|前面|之前|[你您刚])(?:有|也|其实|就)?[说讲聊谈提](?:[到过了的])|[说讲聊谈提]到"
        r"|\byou (?:mentioned|said|talked|wrote|brought)\b|\b(?:speaking of|talking about|back to|earlier)\b"
    ),
    "hands over": (
        r"想(?:问|请教|请|跟[你您]|和[你您]|听|知道|了解)|请问|好奇|问题|(?:问|请教)(?:一下|[你您])"
        r"|[跟给和](?:我们|大家|听众).{0,6}(?:[讲聊说]|分享|介绍)|(?:介绍|分享|[聊讲谈说])(?:一[下聊讲谈说]|[聊讲谈])"
        r"|\b(?:curious|question|let me ask|walk (?:me|us)|explain|tell (?:me|us)|talk (?:to|about))\b"
        r"|\bwant(?:ed)? to (?:ask|talk|get|go|know|hear)\b|\blet's (?:talk|go|get|start|move|turn|switch)\b"
    ),
    "turns": (
        r"另[外一]|还有一|下一|最后|接下来|下面|首先|第[一二三四五六七八九十]|换一?个|话题|回到|开始|今天|这一?期"
        r"|\b(?:next|last|final|finally|another|first|now|today|welcome|turning|moving|switch|shift|story|topic)\b"
    ),
    "names a topic": (
        r"(?:下一?个|最后一?个|换一?个|进入|下面).{0,10}话题|下一个(?:我们|咱们).{0,4}[聊讲说谈]"
        r"|\b(?:next|another) topic\b"
    ),
    "opens": r"^\W*(?:那[么麼]?|好的?(?![像几多处不奇])|行(?![业为动])|诶|哎|欸|(?:ok|okay|all ?right|now)\b)",
}


def log_odds(
    said: Utterances,
    distances: Mapping[str, Sequence[float]],
) -> list[float]:
    """Returns for each utterance of an episode the log-odds that a chapter begins there or nearby; NUMBERED where a
    numbered part is announced. `distances` are features of the words around each (`chapter_cohesion`)."""
    found = {**features(said), **distances}
    weighted = [(weight, found[name]) for name, weight in WEIGHTS.items()]
    evidence = [sum(weight * values[at] for weight, values in weighted) for at in range(len(said.texts))]
    opens = openings(said.texts)
    if opens is None:
        odds = [BASE + known for known in evidence]
    else:
        odds = [BASE + EVIDENCE * known + more for known, more in zip(evidence, opens, strict=True)]
    near = _near(odds, [start / 1000 for start in said.times.starts])
    return [NUMBERED if announces_number(text[:_HEAD]) else value for text, value in zip(said.texts, near, strict=True)]


def _near(odds: Sequence[float], starts: Sequence[float]) -> list[float]:
    """The logarithm of the sum of the odds of the cues within NEARBY seconds of each, its own counted HERE times more:
    among places of equal odds the one with others around it is less likely to be missed."""
    until = [0.0, *accumulate(map(math.exp, odds))]
    found = []
    for start, own in zip(starts, odds, strict=True):
        first, end = bisect_left(starts, start - NEARBY), bisect_right(starts, start + NEARBY)
        found.append(math.log(max(0.0, until[end] - until[first]) + HERE * math.exp(own)))
    return found


def announces_number(folded: str) -> bool:
    """Whether a cue with this folded text announces a numbered part.

    >>> announces_number("这是本期节目的第二篇论文"), announces_number("接下来我们聊聊电池")
    (True, False)
    """
    return re.search(_NUMBERED, folded) is not None


def features(said: Utterances) -> dict[str, list[float]]:
    """The features of each utterance of an episode that are not about its content words."""
    times, texts = said.times, [text[:_HEAD] for text in said.texts]
    starts = [start / 1000 for start in times.starts]
    ends = [times.end(cue) / 1000 for cue in range(len(texts))]
    lengths = [max(0.0, end - start) for start, end in zip(starts, ends, strict=True)]
    here = {name: [re.search(sign, text) is not None for text in texts] for name, sign in _SIGNS.items()}
    return {
        **{name: list(map(float, heard)) for name, heard in here.items()},
        **_questions(starts, here["asks"]),
        "recalls soon": _count(here["recalls"], starts, 0, 15, most=1),
        "hands over soon": _count(here["hands over"], starts, 0, 20, most=2),
        "turns soon": _count(here["turns"], starts, 0, 15, most=2),
        "long": list(map(math.log1p, lengths)),
        "pause": [0.0, *(min(_LONGEST_PAUSE, max(0.0, b - a)) for a, b in zip(ends, starts[1:], strict=False))],
        **_turns(said.speakers, starts, ends, here["asks"]),
    }


def _count(heard: Sequence[bool], starts: Sequence[float], begin: float, end: float, most: int) -> list[float]:
    """How many cues of `heard` start in [begin, end) seconds after the start of each cue, at most `most`."""
    until = [0, *accumulate(heard)]
    return [
        float(min(most, max(0, until[bisect_left(starts, start + end)] - until[bisect_left(starts, start + begin)])))
        for start in starts
    ]


def _questions(starts: Sequence[float], asks: Sequence[bool]) -> Mapping[str, list[float]]:
    """How long nobody has asked, and, where somebody asks soon, how long nobody does after that, as logarithms."""
    asked = [start for start, ask in zip(starts, asks, strict=True) if ask]
    since, until = [], []
    for start in starts:
        last, soon = bisect_left(asked, start), bisect_left(asked, start + _SOON)
        since.append(math.log1p(min(_LONGEST_ANSWER, max(0.0, start - (asked[last - 1] if last else starts[0])))))
        following = asked[soon] if soon < len(asked) else starts[-1]
        until.append(math.log1p(min(_LONGEST_ANSWER, max(0.0, following - start - _SOON))) if soon > last else 0.0)
    return {"none asked": since, "asks, then none": until}


def _turns(
    speakers: Sequence[str], starts: Sequence[float], ends: Sequence[float], asks: Sequence[bool]
) -> Mapping[str, list[float]]:
    """Features of who speaks: where the host (who asks most for the time they speak) and others begin to, how long the
    last turn was, and whether this one has a question. All 0 where no speaker is named."""
    found = {name: [0.0] * len(starts) for name in ("goes on", "host", "answer", "begins with a question")}
    turns = _turns_of(speakers)
    if not turns:
        return found
    found["goes on"] = [1.0] * len(starts)
    host = _host(turns, speakers, starts, ends, asks)
    before = turns[0][0]
    for first, end in turns:
        found["goes on"][first] = 0.0
        found["host"][first] = float(speakers[first] == host)
        found["answer"][first] = math.log1p(min(_LONGEST_ANSWER, max(0.0, starts[first] - starts[before])))
        found["begins with a question"][first] = float(any(asks[first:end]))
        before = first
    return found


def _turns_of(speakers: Sequence[str]) -> list[tuple[int, int]]:
    """The turns as cues [first, end); a cue without a speaker goes on with the last."""
    begins = []
    before = ""
    for cue, speaker in enumerate(speakers):
        if speaker and speaker != before:
            begins.append(cue)
            before = speaker
    return list(zip(begins, [*begins[1:], len(speakers)], strict=True)) if begins else []


def _host(
    turns: Iterable[tuple[int, int]],
    speakers: Sequence[str],
    starts: Sequence[float],
    ends: Sequence[float],
    asks: Sequence[bool],
) -> str:
    """Who asks most questions a second, as if each had already asked half a one in a minute."""
    spoken: defaultdict[str, float] = defaultdict(lambda: 60.0)
    asked: defaultdict[str, float] = defaultdict(lambda: 0.5)
    for first, end in turns:
        spoken[speakers[first]] += max(0.0, ends[end - 1] - starts[first])
        asked[speakers[first]] += sum(asks[first:end])
    return max(sorted(asked), key=lambda speaker: asked[speaker] / spoken[speaker])
