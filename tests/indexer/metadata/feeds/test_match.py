"""Which file is which item: the surest sign first, nothing by chance, and whatever the order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.feed_types import Item
from indexer.core.types import Facts
from indexer.metadata.feeds.match import File, match
from indexer.metadata.filename import facts_from_name


def file(path: str, **facts: str) -> File:
    return File(path, facts_from_name(Path(path)).updated(facts))


def joined(items: Sequence[Item], *files: File, show: str = "回声机房") -> dict[str, str]:
    """Title (or guid) of each item that has a file, and the file."""
    return {items[i].title or items[i].guid: files[f].path for i, f in match(items, files, show).items()}


SEA = Item("g1", title="第12期：海底的光", date="2025-06-08", audio="https://e.org/a/sea%20light.mp3?x=1", number=12)
TEA = Item(guid="g2", title="EP13 一壶好茶", date="2025-06-15", audio="https://e.org/a/tea.mp3")


@pytest.mark.parametrize(
    "found",
    [
        file("/s/x.srt", guid="g1"),
        file("/s/sea light.zh.srt"),
        file("/s/Sea Light.srt"),
        file("/s/第12期 海底的光.srt"),
        file("/s/y.srt", title="第12期海底的光！"),
        file("/s/海底的光.srt", title="海底的光"),
        file("/s/回声机房 第12期：海底的光 完整版.srt"),
        file("/s/2025-06-08.srt"),
        file("/s/012.srt"),
        file("/s/EP12 mit Gast.srt"),
        file("/s/第012期.srt"),
        file("/s/12-gast.srt"),
    ],
    ids=lambda found: found.path,
)
def test_a_file_is_found_by_each_sign(found: File) -> None:
    assert joined([SEA, TEA], found) == {SEA.title: found.path}


@pytest.mark.parametrize(
    "found",
    [
        file("/s/别的.srt"),
        file("/s/茶.srt"),
        file("/s/2025-06-09.srt"),
        file("/s/12 年前 2019-01-01.srt"),
        file("/s/112.srt"),
        file("/s/1952年.srt"),
    ],
    ids=lambda found: found.path,
)
def test_other_files_are_of_no_item(found: File) -> None:
    assert joined([SEA, TEA], found) == {}


def test_a_surer_sign_goes_first() -> None:
    named, dated = file("/s/sea light.srt"), file("/s/2025-06-08.srt")
    assert joined([SEA, TEA], dated, named) == {SEA.title: named.path}


def test_what_two_have_joins_nobody() -> None:
    assert joined([SEA], file("/s/2025-06-08 a.srt"), file("/s/2025-06-08 b.srt")) == {}
    twin = replace(SEA, guid="g3", title="别的题目", audio=None, number=None)
    assert joined([SEA, twin], file("/s/2025-06-08.srt")) == {}
    assert joined([SEA, replace(TEA, guid="g1")], file("/s/x.srt", guid="g1")) == {}


def test_two_items_of_one_guid_are_told_apart_by_their_titles() -> None:
    tea = replace(TEA, guid="g1")
    files = file("/s/a.srt", title=SEA.title), file("/s/b.srt", title=tea.title)
    assert joined([SEA, tea], *files) == {SEA.title: "/s/a.srt", tea.title: "/s/b.srt"}


def test_dates_and_numbers_join_only_in_folders_of_the_show() -> None:
    other = file("/other/2025-06-08.srt")
    own = file("/show/tea.srt")
    assert joined([SEA, TEA], other, own) == {TEA.title: own.path}, "its folder has no file of the show"
    near = file("/show/2025-06-08.srt")
    assert joined([SEA, TEA], other, own, near) == {SEA.title: near.path, TEA.title: own.path}
    named = file("/回声机房/2025-06-08.srt")
    assert joined([SEA, TEA], other, named) == {SEA.title: named.path}


def test_a_number_does_not_join_what_the_dates_part() -> None:
    assert joined([SEA, TEA], file("/s/12.srt", date="2024-01-01")) == {}
    assert joined([SEA, TEA], file("/s/12.srt", date="2025-06-07")) == {SEA.title: "/s/12.srt"}
    assert joined([SEA, TEA], file("/s/12.srt", date="2025-06")) == {SEA.title: "/s/12.srt"}
    assert joined([SEA, TEA], file("/s/12.srt", date="2025-05")) == {}
    assert joined([SEA, TEA], file("/s/12.srt", date="2024")) == {}


letters = st.text(st.sampled_from("光茶海a1"), max_size=5)
days = st.sampled_from(["2025-06-08", "2025-06-09", "2025-06-20"])
periods = st.sampled_from(["2025-06-08", "2025-06-09", "2025-06", "2025-07", "2025"])
items = st.builds(
    Item,
    guid=st.sampled_from(["", "g1", "g2"]),
    title=letters,
    date=st.none() | days,
    audio=st.none() | letters.map(lambda name: f"https://e.org/{name}.mp3"),
    number=st.none() | st.integers(0, 3),
)
files = st.builds(
    File,
    st.tuples(st.sampled_from("st"), st.text(st.sampled_from("光茶海a12期第"), min_size=1, max_size=5)).map(
        lambda parts: f"/{parts[0]}/{parts[1]}.srt"
    ),
    st.builds(
        Facts,
        show=st.sampled_from(["甲", "乙"]),
        title=letters,
        date=st.none() | periods,
        guid=st.none() | st.just("g1"),
    ),
)


@given(
    st.lists(items, max_size=6),
    st.lists(files, max_size=6, unique_by=lambda file: file.path),
    st.randoms(use_true_random=False),
)
def test_each_has_at_most_one_and_the_order_decides_nothing(
    these: list[Item], those: list[File], random: Random
) -> None:
    pairs = match(these, those, "甲")
    assert len(set(pairs.values())) == len(pairs)
    mixed_items, mixed_files = list(enumerate(these)), list(enumerate(those))
    random.shuffle(mixed_items)
    random.shuffle(mixed_files)
    mixed = match([item for _, item in mixed_items], [file for _, file in mixed_files], "甲")
    assert {mixed_items[i][0]: mixed_files[f][0] for i, f in mixed.items()} == pairs


def test_many_items_and_files_are_matched_quickly() -> None:
    shows = [Item(guid=str(n), title=f"回声机房的第 {n} 个故事和别的") for n in range(5_000)]
    names = [file(f"/s/回声机房的第 {n} 个故事.srt") for n in range(5_000)]
    assert len(match(shows, names, "回声机房")) == 5_000
