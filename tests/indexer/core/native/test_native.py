"""The compiled hot loops give what their twins in Python give."""

from __future__ import annotations

import random
from array import array
from bisect import bisect_left
from itertools import accumulate
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.source.compiled import built, needs_compiled

from indexer.core.native import pure

pytestmark = needs_compiled

Drawn = st.DrawFn


def alike(name: str, *arguments: Any) -> None:
    """The same result, to the last digit."""
    assert getattr(built, name)(*arguments) == getattr(pure, name)(*arguments)


@st.composite
def streams(draw: Drawn) -> tuple[bytes, int, int, int, bytes]:
    """Units of few kinds, some of them no characters, at any offset, and a needle of one to four of them."""
    width = draw(st.sampled_from((1, 2, 4)))
    units = st.lists(st.sampled_from((0x61, 0x62, 0x6162, 0x6261, 0x10061, 0xD83D, 0xDE00, 0x110000)), min_size=1)
    said, looked = draw(units.filter(bool)) * draw(st.integers(1, 40)), draw(units)[:4]
    before, after = (bytes(draw(st.lists(st.sampled_from(b"ab"), max_size=9))) for _ in range(2))
    text = b"".join((unit % 256**width).to_bytes(width, "little") for unit in said)
    needle = b"".join((unit % 256**width).to_bytes(width, "little") for unit in looked)
    return before + text + after, len(before), len(before) + len(text), width, needle


@given(streams(), st.none() | st.lists(st.integers(0, 300), max_size=9).map(sorted))
def test_what_is_found(stream: tuple[bytes, int, int, int, bytes], borders: list[int] | None) -> None:
    regions = None if borders is None else list(zip(borders[::2], borders[1::2], strict=False))
    alike("find", *stream, regions)


@given(streams(), st.lists(streams(), max_size=6))
def test_what_is_found_of_several(stream: tuple[bytes, int, int, int, bytes], others: Any) -> None:
    width = stream[3]
    if width > 1:
        needles = [needle for *_, of, needle in others if of == width]
        alike("find_each", *stream[:4], [stream[4], *needles, stream[4], stream[4][:width], stream[4][-width:]])


def test_what_is_found_of_hundreds() -> None:
    said = ("今天聊开源，哈哈哈哈，明天再聊" * 5).encode("utf-16-le")
    needles = [said[at : at + 2 * size] for at in range(0, len(said) - 8, 2) for size in (1, 2, 3, 4)]
    assert len(needles) > 256
    more = [*needles * 2, "没有".encode("utf-16-le")]
    alike("find_each", said, 0, len(said), 2, more)
    assert built.find_each(said, 0, len(said), 2, more)[: len(needles)] == [
        built.find(said, 0, len(said), 2, needle, None) for needle in needles
    ]


@given(st.lists(st.booleans(), max_size=200), st.integers(1, 4), st.data())
def test_what_is_cut_as_one_word(begins: list[bool], size: int, data: st.DataObject) -> None:
    count = len(begins)
    bits = int("".join(map(str, map(int, begins))) or "0", 2).to_bytes((count + 7) // 8, "big")
    there = st.integers(0, count - size) if count >= size else st.nothing()
    places = sorted(data.draw(st.sets(there))) if count >= size else []
    alike("unbroken", places, size, bits, count)


@st.composite
def parts(draw: Drawn) -> list[tuple[int, int, list[int]]]:
    ways = sorted(draw(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 2)), max_size=12)))
    return [(*way, sorted(draw(st.sets(st.integers(0, 120), max_size=30)))) for way in ways]


@given(parts())
def test_merged_hits(several: list[tuple[int, int, list[int]]]) -> None:
    alike("merged", several)


@st.composite
def episodes(draw: Drawn) -> tuple[list[tuple[int, int, int]], Any, Any]:
    """Hits, the first atoms of cues and their starts, as lists or as the arrays that an index has."""
    sizes = draw(st.lists(st.integers(0, 12), min_size=1, max_size=20).filter(any))
    first = [0, *accumulate(sizes)]
    starts = sorted(draw(st.lists(st.integers(0, 90_000), min_size=len(sizes), max_size=len(sizes))))
    hits = sorted(draw(st.sets(st.tuples(st.integers(0, first[-1] - 1), st.integers(0, 3), st.just(0)), max_size=60)))
    if draw(st.booleans()):
        return hits, array("H", first), memoryview(array("i", starts))
    return hits, first, starts


@given(episodes())
def test_times(episode: tuple[list[tuple[int, int, int]], Any, Any]) -> None:
    hits, first, starts = episode
    alike("hit_times", hits, first, starts)
    alike("times_at", [hit[0] for hit in hits], first, starts)


@given(episodes(), st.integers(0, 40_000), st.integers(0, 60), st.sampled_from((0.0, 6.5)), st.floats(-1, 9))
def test_windows(episode: Any, milliseconds: int, atoms: int, total: float, floor: float) -> None:
    hits, first, starts = episode
    at = pure.hit_times(hits, first, starts)
    alike("slide", hits, at, milliseconds, atoms, [2.5, 0.3, 1.1, 2.6], [1.0, 0.4, 0.1, 0.0], total, floor)
    alike("reaches", hits, at, milliseconds, atoms)
    random.Random(len(hits)).shuffle(at)  # times may go back
    alike("slide", hits, at, milliseconds, atoms, [2.5, 0.3, 1.1, 2.6], [1.0, 0.4, 0.1, 0.0], total, floor)
    alike("reaches", hits, at, milliseconds, atoms)


@given(
    episodes(), st.lists(st.integers(1, 5), min_size=4, max_size=4), st.lists(st.integers(0, 3), min_size=4, max_size=4)
)
def test_hits_outside_longer_ones(episode: Any, lengths: list[int], kinds: list[int]) -> None:
    alike("outside_wholes", episode[0], lengths, bytearray(kinds))


@given(episodes(), st.integers(0, 4), st.lists(st.tuples(st.integers(0, 2**30), st.integers(0, 2**30)), max_size=2))
def test_block_totals(episode: Any, behind: int, values: list[tuple[int, int]]) -> None:
    hits, first, starts = episode
    cues = [start // 5500 for start in starts]
    places = [sorted({hit[0] for hit in hits if hit[1] % 2 == one}) for one in range(2)]
    terms = [(weight, gain, [places[at], places[1]]) for at, (weight, gain) in enumerate(values)]
    alike("block_totals", first, cues, cues[-1] + 1, behind, terms)


@given(st.lists(episodes(), max_size=3), st.integers(0, 40_000), st.integers(0, 60), st.floats(-1, 60), st.booleans())
def test_competing_regions(several: list[Any], milliseconds: int, atoms: int, least: float, is_timed: bool) -> None:
    asked = []
    for number, (hits, first, starts) in enumerate(several):
        units = ["的"] * first[-1]
        for place, term, _ in hits:
            units[place] = "零一二三"[term % 4]
        text = "".join(units).encode("utf-16-le")
        place = b"x" + text, 1, 1 + len(text), 2
        terms = [
            (4.1, 9.0, ["零".encode("utf-16-le")]),
            (2.7, 4.0, ["一".encode("utf-16-le"), "二的".encode("utf-16-le")]),
            (1.5, 1.5, [sorted({hit[0] for hit in hits if hit[1] == 1}), "一二".encode("utf-16-le")]),
        ]
        if number == 1:  # times that go back
            starts = list(starts)[::-1]
        if number == 2:  # in some places
            starts = random.Random(len(hits)).sample(list(starts), len(starts))
        signature = pure.sign(*place) if number else None
        times = (array("q", first), starts) if is_timed else (None, None)
        asked.append(((*place, signature), *times, terms[: 3 - number % 2]))
    alike("competing_regions", asked, [0.0, 1.0, 1.3, 1.4], milliseconds, atoms, least)


def test_times_that_go_back_far_from_a_term_that_is_needed_do_not_matter() -> None:
    """一 is out of reach of 零, without which no window is worth so much."""
    text = "的二零二的的一的".encode("utf-16-le")
    worth = {"零": (3.0, 4.0), "一": (2.0, 3.0), "二": (1.0, 1.0)}
    terms = [(weight, gain, [one.encode("utf-16-le")]) for one, (weight, gain) in worth.items()]
    place = text, 0, len(text), 2, None
    asked = [(place, [0, 2, 6, 7, 8], [0, 5000, 1000, 0], terms)]
    alike("competing_regions", asked, [0.0, 1.0, 1.3], 2000, 3, 12.0)
    assert pure.competing_regions(asked, [0.0, 1.0, 1.3], 2000, 3, 12.0) == [[(2, 4)]]


@given(episodes(), st.integers(0, 40_000), st.integers(0, 60), st.floats(-1, 60), st.booleans())
def test_likely_regions(episode: Any, milliseconds: int, atoms: int, least: float, is_known: bool) -> None:
    """The hits give the text: an atom that stands for its term."""
    hits, first, starts = episode
    units = ["的"] * first[-1]
    for place, term, _ in hits:
        units[place] = "零一二三"[term % 4]
    text = "".join(units).encode("utf-16-le")
    needles = [(1, "一"), (0, "零"), (2, "二的"), (3, "三"), (2, "一二")]
    others = [(2, sorted({hit[0] for hit in hits if hit[1] == 1})), (3, [])] if is_known else []
    runs = [(term, run.encode("utf-16-le")) for term, run in needles]
    limits = [4.1, 2.7, 1.5, 0.9], [9.0, 4.0, 1.5, 0.0], [0.0, 1.0, 1.3, 1.4]
    alike(
        "likely_regions",
        b"x" + text,
        1,
        1 + len(text),
        2,
        runs,
        others,
        *limits,
        first,
        starts,
        milliseconds,
        atoms,
        least,
    )


@given(episodes(), st.integers(0, 30), st.integers(0, 30), st.integers(0, 20_000))
def test_what_is_beside(episode: Any, before: int, after: int, reach: int) -> None:
    hits, first, starts = episode
    places, others = (sorted({hit[0] for hit in hits if hit[1] in kinds}) for kinds in ((0, 1), (2, 3)))
    at, others_at = pure.times_at(places, first, starts), pure.times_at(others, first, starts)
    alike("beside", places, others, at, others_at, before, after, reach)


@given(episodes(), st.integers(0, 40_000), st.integers(0, 60))
def test_groups_of_several_ways(episode: Any, apart_ms: int, most: int) -> None:
    hits, first, starts = episode
    parts = [(way, sorted({hit[0] for hit in hits if hit[1] == way})) for way in range(4)]
    alike("grouped", parts, 2, [2, 0, 1, 0], first, starts, apart_ms, most)


WEIGHTS = [4.1, 2.7, 2.7, 0.9]


@given(episodes(), st.data(), st.integers(1, 3), st.sampled_from((0.0, 10.4)))
def test_bounds_of_groups(episode: Any, data: st.DataObject, together: int, total: float) -> None:
    ranks = [hit[1] for hit in episode[0]]
    size = len(ranks)
    ends = sorted({*data.draw(st.sets(st.integers(1, max(1, size)))), size}) if size else []
    around = [edge for end in ends for edge in (bisect_left(ends, end) and 0, size)] if data.draw(st.booleans()) else []
    groups = ranks, ends, around, WEIGHTS, [0.0, 1.0, 1.3, 1.4], total, together, 8.0
    alike("group_bounds", *groups)
    alike("group_mosts", groups, 0.7, 0.3, 0.2, 1.1)


@given(episodes())
def test_gains_of_close_terms(episode: Any) -> None:
    hits = episode[0]
    alike("close_gains", [hit[0] for hit in hits], [hit[1] for hit in hits], WEIGHTS, 8.0)


@given(st.text("我们今天聊a𠀀", max_size=30), st.lists(st.text("我们今天聊a𠀀", max_size=3), max_size=30))
def test_shared_grams(said: str, grams: list[str]) -> None:
    alike("shared_gains", said, [(gram, at / 7) for at, gram in enumerate(grams)])


NUMBERS = st.dictionaries(st.integers(0, 9), st.integers(0, 9), max_size=9)
GAINS = st.dictionaries(st.integers(0, 9), st.floats(0, 9), max_size=9)


@given(
    NUMBERS, st.lists(st.integers(0, 9), min_size=10, max_size=10), st.lists(st.floats(0, 9), min_size=1, max_size=7)
)
def test_most_gains(counts: dict[int, int], peaks: list[int], worth: list[float]) -> None:
    alike("most_gains", counts, dict(enumerate(peaks)), worth)


@given(
    st.lists(st.integers(0, 9), unique=True),
    st.lists(st.lists(st.tuples(st.floats(0.1, 9), GAINS), max_size=3).map(tuple), max_size=4).map(tuple),
    st.sampled_from((0.0, 7.3)),
)
def test_bounds_of_episodes(episodes: list[int], forms: Any, total: float) -> None:
    alike("episode_bounds", episodes, forms, total)


@given(st.lists(st.integers(0, 9)), st.lists(st.tuples(st.floats(0.1, 9), GAINS), max_size=4), st.integers(0, 9))
def test_terms_of_episodes(episodes: list[int], several: list[tuple[float, dict[int, float]]], other: int) -> None:
    units = [(b"", 0, 0, 4 if episode % 3 else 2, None) for episode in episodes]
    plain = [(weight, gains, [b"ab"], [b"abab"]) for weight, gains in several]
    alike("terms_in", episodes, units, (*plain, lambda episode: (1.5, 2.5, [[7]]) if episode != other else None))
