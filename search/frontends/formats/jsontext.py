"""JSON output that is safe in a terminal: Chinese is not escaped, characters that control a terminal or hide text are.

Parsing it restores the original text exactly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, Any

from indexer.core.memory.caches import MadeOnce
from search.frontends.formats.display import UNSEEN

if TYPE_CHECKING:
    from search.api import Moment

_ENCODERS = {indent: json.JSONEncoder(ensure_ascii=False, indent=indent) for indent in (None, 2)}
_RAW = re.compile(f"[{UNSEEN}]")
_EMPTY = '"matches": [], "cues": []}'
"""How the JSON of a moment without matches and cues ends."""


def to_json(value: Any, indent: int | None = None) -> str:
    """Returns a value as JSON on one line, or indented by `indent` (2)."""
    return _safe(_ENCODERS[indent].encode(value))


def moment_to_json(moment: Moment) -> str:
    """Returns the JSON of `search.results.records.moment_record`, in two thirds of the time: most of it are the cues
    and matches, of which a list of all moments has hundreds of thousands."""
    from search.results.records import moment_record

    if not _has_float_times(moment):
        return to_json(moment_record(moment))
    head = _ENCODERS[None].encode(moment_record(moment._replace(matches=(), cues=())))
    assert head.endswith(_EMPTY)
    # Cues and matches share times, speakers and terms. All times are floats: 5 and 5.0 are equal, but not their JSON.
    number: MadeOnce[float, str] = MadeOnce(repr)
    text: MadeOnce[str, str] = MadeOnce(quoted)
    cues = [
        f'{{"index": {cue[0]}, "start": {number[cue[1]]}, "end": {number[cue[2]]}, "speaker": {text[cue[3]]}, '
        f'"text": {text[cue[4]]}, "highlights": {_pairs(cue[5]) if cue[5] else "[]"}, "damped": {text[cue[6]]}}}'
        for cue in moment.cues
    ]
    matches = [
        f'{{"start": {number[one[0]]}, "end": {number[one[1]]}, "text": {text[one[2]]}, "term": {text[one[3]]}, '
        f'"how": {text[one[4]]}, "where": {text[one[5]]}}}'
        for one in moment.matches
    ]
    line = f'{head[: -len(_EMPTY)]}"matches": [{", ".join(matches)}], "cues": [{", ".join(cues)}]}}'
    return line if head.isprintable() and "".join(text).isprintable() else _safe(line)


def _has_float_times(moment: Moment) -> bool:
    """Whether the times of cues and matches are floats, as all that a search makes are."""
    for several, start, end in ((moment.cues, 1, 2), (moment.matches, 0, 1)):
        for one in several:
            if not type(one[start]) is type(one[end]) is float:
                return False
    return True


def _pairs(several: Sequence[tuple[int, int]]) -> str:
    return f"[{', '.join([f'[{first}, {second}]' for first, second in several])}]"


def _safe(line: str) -> str:
    return line if line.isprintable() else _RAW.sub(_escaped, line)  # most lines are; this looks at each in less time


def _escaped(match: re.Match[str]) -> str:
    """Returns a \\u escape; all these characters are in the basic plane and occur only inside strings."""
    return f"\\u{ord(match[0]):04x}"
