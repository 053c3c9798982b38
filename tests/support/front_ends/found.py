"""Hand-made moments and hostile texts, for the tests of every output format."""

from __future__ import annotations

from hypothesis import strategies as st

from indexer.core.types import Episode, Facts
from search.api import CueLine, Match, Moment

NASTY = (
    *(
        "第一行\n第二行",
        '说"好"',
        "a,b;c",
        "x|y",
        "1 --> 2",
        "00:00:01,000 --> 00:00:02,000",
        "😀👨‍👩‍👧",
        "\x1b[31m红\x07",
        "\x00",
    ),
    *(
        "\u202e右往左",
        "\u200f",
        "=1+1",
        "+86",
        "-词",
        "@某人",
        "＝SUM(A1)",
        "%5%",
        "#标题",
        "<b>粗</b>",
        "a&amp;b",
        "[链](x)",
    ),
    *("*星*", "_下_", "`码`", "\\", "\t", "\r\n", "'", "~~删~~", "$x$", "1. 节目", "- 项", "🎙️ 播客"),
)
nasty = st.lists(st.sampled_from(NASTY), min_size=1, max_size=4).map("".join)


def episode(name: str = "tea/radio", **facts: object) -> Episode:
    path = f"/talks/{name}.srt"
    return Episode(
        name, path, Facts(title="矿石收音机", show="两杯茶", date="2025-01-15").updated(facts), 40.0, 10, 100
    )


def cue(index: int, text: str, *highlights: tuple[int, int], speaker: str = "", step: float = 4.0) -> CueLine:
    """Cue n is said from second 4n on."""
    return CueLine(index, index * step, (index + 1) * step, speaker, text, highlights)


def moment(of: Episode, *cues: CueLine, rank: int = 1, start: float | None = None) -> Moment:
    """A moment that begins with its first cue; a highlight is a match."""
    first = cues[0].start if start is None else start
    matches = tuple(Match(cue.start, cue.end, cue.text[a:b], cue.text[a:b]) for cue in cues for a, b in cue.highlights)
    return Moment(rank, 1.5 / rank, of, first, cues[-1].end, matches, cues)
