"""What speaks for a new chapter beside the words that are said: announcements, hand-overs, who speaks, and pauses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from search.analysis.topic_segmentation import NO_MATTER_WHAT

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

# Log-likelihood in nats that a boundary gains; docs/design/analysis.md has the measurement.
NUMBERED = 100 * NO_MATTER_WHAT
"""At the announcement of a numbered part."""
ANNOUNCED = 2.4
"""At the announcement of anything new."""
HANDED_OVER = 3.6
"""Where something is asked for, welcomed, thanked for, or turned to."""
NEW_TOPIC = 8.0
"""Where another topic is called by that name, or the last one is closed, whether speakers are named or not."""
QUESTION = 3.6
"""Where someone begins to speak with a question."""
WITHOUT_NAMES = 0.25
"""The share of announcements and hand-overs that counts where speakers are not named: anyone says such words."""
SAME_SPEAKER = -5.4
"""Where nobody else begins to speak, in a transcript that names speakers."""
PAUSE, LONGEST_PAUSE = 1.2, 3.0
"""For each second of silence before, up to so many seconds."""

_HEAD = 300
"""Characters of a cue that are looked at: an announcement comes first."""

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
_HANDS_OVER = (
    r"接下来|下面|聊聊|谈谈|讲讲|说说|话题|请问|想问|问题是|刚才(?:说|讲|聊|谈|提)到|回到|谢谢|欢迎"
    r"|\b(?:let's|talk(?:ed)? about|move on|moving on|next|let me|i want to|wanted to|question|topic|tell us|explain)\b"
)
_NAMES_TOPIC = (
    r"(?:下一?个|最后一?个|换一?个|进入|下面).{0,10}话题|下一个(?:我们|咱们).{0,4}(?:聊|讲|说|谈)"
    r"|\b(?:next|another) topic\b"
)
_ASKS = r"[?？]|吗$|呢$|(?:什么|怎么|如何).{0,8}$"


def gains(snapshot: Snapshot, episode: int) -> dict[int, float]:
    """Returns cue -> the log-likelihood, in nats, that a boundary at its start gains or loses; of cues without any,
    none."""
    times = snapshot.times(episode)
    texts, speakers = snapshot.text(episode)
    are_named = any(speakers)
    found: dict[int, float] = {}
    ended = 0
    before = ""
    for cue, text in enumerate(texts):
        folded = snapshot.folding.fold(text)[:_HEAD]
        begins = are_named and bool(speakers[cue]) and speakers[cue] != before
        gain = announced(folded)
        if gain != NUMBERED:
            if re.search(_HANDS_OVER, folded):
                gain += HANDED_OVER
            if not are_named:
                gain *= WITHOUT_NAMES
            if re.search(_NAMES_TOPIC, folded):
                gain += NEW_TOPIC
            if begins and re.search(_ASKS, folded):
                gain += QUESTION
            if are_named and not begins:
                gain += SAME_SPEAKER
            gain += PAUSE * min(LONGEST_PAUSE, max(0, times.starts[cue] - ended) / 1000) if cue else 0.0
        if gain:
            found[cue] = gain
        before, ended = speakers[cue] or before, times.end(cue)
    return found


def announced(folded: str) -> float:
    """The gain of a boundary where a cue with this folded text announces something; 0 if it does not.

    >>> announced("这是本期节目的第二篇论文") == NUMBERED, announced("接下来我们聊聊电池"), announced("电池不耐用")
    (True, 2.4, 0.0)
    """
    if re.search(_BEGINS, folded):
        return NUMBERED
    return ANNOUNCED if re.search(_GOES_ON, folded) else 0.0
