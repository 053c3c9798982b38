"""Speaker labels at the start of cue texts (`发言人1：`, `[SPEAKER_00]:`, `林晚：`): taken off, and made speakers.

Text that only looks like a label stays text: what names somebody comes again, and stands at many cues.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from indexer.core.named_tuples import NamedTuple
from indexer.core.types import Cue
from indexer.readers.shared.limits import counted

_NUMBER = r"(?:[ _\-#]{0,2}(?:\d{1,3}|[一二三四五六七八九十甲乙丙丁]{1,2})|[ _\-#]{1,2}[A-Za-z])"
_ROLE = r"发言人|發言人|说话人|說話人|讲话人|講話人|讲者|講者|speaker|spk|guest|host|voice|嘉宾|嘉賓"
_GENERIC = re.compile(rf"(?:{_ROLE}){_NUMBER}$|(?:发言人|發言人|说话人|說話人|主持人|speaker)$", re.IGNORECASE)

# One of these forms, each linear: the name ends at the first bracket or colon, after so many characters at most.
_INNER = r"[^\s\[\]【】()（）:：*,，。！？!?][^\[\]【】()（）:：*\n,，。！？!?]{0,39}"
_LABEL = re.compile(
    rf"[\s>»\-–—]{{0,8}}(?:\*\*(?P<bold>{_INNER})(?:[:：]\*\*|\*\*[ \t]?[:：])"
    rf"|(?:\[(?P<square>{_INNER})\]|【(?P<corner>{_INNER})】|[(（](?P<round>{_INNER})[)）])[ \t]?(?P<colon>[:：]?)"
    rf"|(?P<plain>{_INNER})[:：](?!//))\s*"
)
_ENDS_LABEL = re.compile(r"[:：\]】)）]")
"""Every label has one of these; most cues have none."""
_MOST_CHARACTERS, _MOST_WORDS, _MOST_LETTERS = 12, 3, 30

# Said before a colon or in brackets, but nobody's name.
_NOT_NAMES = re.compile(
    r"(?:https?|ftp|www|mailto|file|note|ps|p\.s\.|example|tips?|warning|todo|re|fwd?|music|applause|laughter|laughs|"
    r"inaudible|silence|blank_audio|注|注意|备注|備註|例|例如|比如|譬如|问题|問題|答案|结论|結論|总结|總結|结果|結果|原因|"
    r"时间|時間|地点|地點|标题|標題|来源|來源|.*字幕|演唱|詞曲|词曲|翻译|翻譯|校对|校對|作词|作曲|编曲|作詞|編曲|词|曲|步骤|步驟|音乐|音樂|"
    r"掌声|掌聲|笑|笑声|笑聲|鼓掌|首先|其次|然后|最后|因此|所以|但是|即|也就是说)$|"
    r"第.{1,6}$|[我你他她它这這那].*$|.*(?:说|說|讲|講|问道|問道|如下|包括|以及|就是)$|.{3}.*[是为為有的了叫像对對想道]$|"
    r".*\b(?:said|says|is|are|asked|that)$",
    re.IGNORECASE,
)
_TURNS = {"问": "答", "答": "问", "q": "a", "a": "q", "question": "answer", "answer": "question"}

_FEWEST = 3
"""Labels in a file that has names for labels."""
_FIRST_CUES = 3
"""Among so many a file with labels has its first one."""
_MOST_REPEATS = 0.3
"""Labels mark changes when of two in a row few are the same."""


class _Label(NamedTuple):
    """A label as found: the name, where it stands and the text goes on, whether it is only in brackets (`bare`)."""

    name: str
    start: int
    end: int
    bare: bool


def is_generic(name: str) -> bool:
    """True for the names recognisers give.

    >>> [name for name in ("发言人1", "SPEAKER_00", "Speaker B", "说话人 2", "Speakers") if is_generic(name)]
    ['发言人1', 'SPEAKER_00', 'Speaker B', '说话人 2']
    """
    return _GENERIC.match(name) is not None


def is_name(name: str) -> bool:
    """True for what can be somebody's name: short, some letters, and nothing that is otherwise said before a colon.

    >>> [name for name in ("林晚", "Lex Fridman", "https", "他接着说", "第一步", "12") if is_name(name)]
    ['林晚', 'Lex Fridman']
    """
    if is_generic(name):
        return True
    if any(character > "\u2e7f" for character in name):
        short = len(name) <= _MOST_CHARACTERS
    else:
        short = len(name) <= _MOST_LETTERS and len(name.split()) <= _MOST_WORDS and name[:1].isupper()
    return short and sum(map(str.isalpha, name)) * 2 >= len(name) > 0 and not _NOT_NAMES.match(name)


def labelled(cues: Sequence[Cue], lasting: bool = False) -> tuple[Cue, ...]:
    """The cues with their labels taken off, if they name no speakers and some are surely labels.

    A speaker lasts until the next label in formats of paragraphs (`lasting`) and wherever labels mark changes only.
    A cue in which several speak is cut in pieces, whose times go by their lengths. Raises TooMuch for too many of them.
    """
    if any(cue.speaker for cue in cues):
        return tuple(cues)
    found = [_labels(cue.text) if _ENDS_LABEL.search(cue.text) else [] for cue in cues]
    names = _believed(found)
    if not names:
        return tuple(cues)
    pieces = counted(
        piece
        for cue, labels in zip(cues, found, strict=True)
        for piece in _pieces(cue, [label for label in labels if label.name in names])
    )
    lasting = lasting or _mark_changes([name for _, name in pieces if name])
    named, speaker = [], ""
    for cue, name in pieces:
        speaker = name or (speaker if lasting else "")
        named.append(cue._replace(speaker=speaker))
    return tuple(named)


def _labels(text: str) -> list[_Label]:
    """What looks like a label at the start of each line."""
    found = [_find(text, 0)]
    at = text.find("\n")
    while at >= 0:
        found.append(_find(text, at + 1))
        at = text.find("\n", at + 1)
    return [label for label in found if label]


def _find(text: str, at: int) -> _Label | None:
    match = _LABEL.match(text, at)
    if match is None:
        return None
    name = next(filter(None, match.group("bold", "square", "corner", "round", "plain")))
    name = " ".join(name.split())
    rest = text[match.end() : match.end() + 1]
    bare = match["colon"] == ""
    # A time or a score; a sound as subtitles describe it.
    if (match["plain"] and name[-1].isdigit() and rest.isdigit()) or (bare and not rest):
        return None
    return _Label(name, at, match.end(), bare and match["corner"] is None)


def _believed(found: Sequence[Sequence[_Label]]) -> frozenset[str]:
    """The names that are surely labels: the generic ones always, and all others once the file is known to have labels.

    It is when two names come again, when one is at every other cue, or one comes again and the first cues have labels.
    """
    candidates = [label for labels in found for label in labels if is_name(label.name)]
    counts = Counter(label.name for label in candidates)
    marked = {label.name for label in candidates if not label.bare}
    generic = {name for name in counts if is_generic(name)}
    names = (counts.keys() & marked) - _single_turns(counts)
    again = {name for name in names | generic if counts[name] > 1}
    from_the_start = len(counts) > 1 and any(label.name in counts for labels in found[:_FIRST_CUES] for label in labels)
    half = sum(counts[name] for name in again) * 2 >= len(found)
    sure = len(again) > 1 or (again and (from_the_start or half))
    return frozenset(generic | names if sure and sum(counts.values()) >= _FEWEST else generic)


def _single_turns(names: Iterable[str]) -> set[str]:
    """Questions without answers, or the other way round."""
    turns = {name.lower().replace("問", "问"): name for name in names}
    return {name for turn, name in turns.items() if turn in _TURNS and _TURNS[turn] not in turns}


def _mark_changes(names: Sequence[str]) -> bool:
    """True when the same label seldom comes twice in a row: then cues without one belong to the last."""
    pairs = list(pairwise(names))
    return len(pairs) > 1 and sum(a == b for a, b in pairs) <= _MOST_REPEATS * len(pairs)


def _pieces(cue: Cue, labels: Sequence[_Label]) -> Iterator[tuple[Cue, str]]:
    """What each speaker says of a cue, without the labels; "" is the name of who is not named."""
    if not labels:
        yield cue, ""
        return
    spans = [(label.end, following, label.name) for label, following in zip(labels, _nexts(cue, labels), strict=True)]
    if cue.text[: labels[0].start].strip():
        spans.insert(0, (0, labels[0].start, ""))
    whole = sum(end - begin for begin, end, _ in spans) or 1
    start, said = cue.start, 0
    offsets = [at for at, _ in cue.marks]
    for number, (begin, end, name) in enumerate(spans, 1):
        said += end - begin
        until = cue.end if number == len(spans) else round(cue.start + (cue.end - cue.start) * said / whole, 3)
        within = cue.marks[bisect_left(offsets, begin) : bisect_left(offsets, end)]
        marks = tuple((at - begin, time) for at, time in within)
        yield cue._replace(start=start, end=until, text=cue.text[begin:end].rstrip(), marks=marks), name
        start = until


def _nexts(cue: Cue, labels: Sequence[_Label]) -> list[int]:
    """Where each label's text ends."""
    return [*(label.start for label in labels[1:]), len(cue.text)]
