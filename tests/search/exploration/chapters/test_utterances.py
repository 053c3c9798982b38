"""What an episode says, cue by cue and, of cues that are paragraphs, sentence by sentence."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.library import Tools

from indexer.core.positions.timeline import LONG_MS
from indexer.core.positions.tokens import find_atoms, split_atoms
from search import Library
from search.exploration.chapters.chapter_detection import find_borders
from search.exploration.chapters.utterances import _sentences_inside, utterances_of

BATTERY = "锂电池的正极很贵。电解液怎么选？负极用石墨。充电的速度很快。"
KITCHEN = "今天炖牛肉汤。先切洋葱和胡萝卜。锅里放油！小火慢炖。"


def test_a_paragraph_is_its_sentences_and_a_short_cue_is_whole(tools: Tools) -> None:
    said = [
        (0.0, 4.0, "好的。开始吧。"),
        (4.0, 24.0, "第一句话。Version 3.5 is fine. 第三句"),
        (24.0, 44.0, "没有句号的一段"),
    ]
    with tools.library({"one": said}) as library:
        found = utterances_of(library.explore.words, 0)
    assert found.texts == ["好的。开始吧。", "第一句话。", "version 3.5 is fine. ", "第三句", "没有句号的一段"]
    assert found.cues == [0, 1, 1, 1, 2]
    assert found.speakers == [""] * 5
    # Eleven atoms in at most .55 s each.
    assert found.times.starts == [0, 4000, 4000 + 4 * 550, 4000 + 8 * 550, 24000]
    assert [found.times.end(at) for at in (1, 3)] == [4000 + 4 * 550, 24000]


@given(st.text("电池。？!. ;3a，", max_size=40))
def test_sentences_divide_the_atoms_of_a_cue_where_they_divide_its_text(text: str) -> None:
    atoms = split_atoms(text)
    inside = list(_sentences_inside(text, range(7, 7 + len(atoms))))
    texts = [text[begin:end] for begin, end in pairwise([0, *(offset for offset, _ in inside), len(text)])]
    places = [7, *(atom for _, atom in inside), 7 + len(atoms)]
    assert [split_atoms(one) for one in texts] == [atoms[a - 7 : b - 7] for a, b in pairwise(places)]
    assert not inside or all(map(split_atoms, texts))


def test_the_utterances_of_every_episode_are_all_that_it_says(sample: Library) -> None:
    words = sample.explore.words
    snapshot = words.snapshot
    for number in snapshot.episodes():
        found, texts = utterances_of(words, number), snapshot.text(number)[0]
        assert "".join(found.texts) == "".join(map(snapshot.folding.fold, texts))
        assert list(found.times.first) == sorted(found.times.first)
        assert found.times.first[-1] == snapshot.atoms(number)
        long = [cue for cue in range(len(texts)) if snapshot.times(number).durations[cue] >= LONG_MS]
        assert {cue for cue in found.cues if found.cues.count(cue) > 1} <= set(long)


def test_a_chapter_begins_inside_a_paragraph(tools: Tools) -> None:
    # The topic changes in the middle of the eleventh of 21 paragraphs, which have two atoms a second.
    half = (BATTERY * 2, "我们换一个话题。" + KITCHEN * 2)
    texts = [BATTERY * 4] * 10 + ["".join(half)] + [KITCHEN * 4] * 10
    said, start = [], 0.0
    for text in texts:
        end = start + len(list(find_atoms(text))) / 2
        said.append((start, end, text))
        start = end
    with tools.library({"one": said}) as library:
        (border,) = find_borders(library.explore.words, 0, 1)
        before, chapter = library.explore.outline("show/one", given=False, most=2)
    assert border.start == pytest.approx(said[10][0] + len(list(find_atoms(half[0]))) / 2, abs=0.1)
    assert chapter.start == border.start
    assert chapter.line == half[1]
    assert "话题" not in before.title
