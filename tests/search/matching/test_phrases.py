"""A quoted run of text is found at every place where it stands, and nowhere else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.library import Line, Tools, atoms_of, scan, spaced
from support.transcripts.episodes import shows

from indexer.core.positions.tokens import split_atoms
from search import CueLine, Library, Moment


class Said:
    """What the index of some episodes holds, as a brute-force scan sees it: cues as read, and their atoms."""

    def __init__(self, library: Library, tools: Tools) -> None:
        self.cues = {episode.id: library.read(episode.id)[1] for episode in library.episodes()}
        self.atoms = {name: atoms_of([cue.text for cue in cues], tools.folding) for name, cues in self.cues.items()}
        self._tools = tools

    def split(self, text: str) -> list[str]:
        return split_atoms(self._tools.folding.fold(text))

    def places(self, wanted: Sequence[str]) -> list[tuple[str, int]]:
        """(episode, position) of every occurrence."""
        return [(name, at) for name, atoms in self.atoms.items() for at in scan(atoms, wanted)]

    def spans(self, wanted: Sequence[str]) -> Counter[tuple[str, float, float]]:
        """(episode, start of the first cue, end of the last cue) of every occurrence."""
        return Counter(
            (name, self._cue(name, at).start, self._cue(name, at + len(wanted) - 1).end)
            for name, at in self.places(wanted)
        )

    def marked(self, wanted: Sequence[str]) -> dict[tuple[str, int], list[str]]:
        """(episode, cue) -> the atoms in it that are part of an occurrence."""
        positions = {(name, at + step) for name, at in self.places(wanted) for step in range(len(wanted))}
        marked: dict[tuple[str, int], list[str]] = {}
        for name, at in sorted(positions):
            atom, number = self.atoms[name][at]
            marked.setdefault((name, self.cues[name][number].index), []).append(atom)
        return marked

    def _cue(self, name: str, at: int) -> CueLine:
        return self.cues[name][self.atoms[name][at][1]]


def highlighted(moments: Sequence[Moment], said: Said) -> dict[tuple[str, int], list[str]]:
    """(episode, cue) -> the atoms of what is highlighted there, cut from the original text."""
    return {
        (moment.episode.id, cue.index): [a for start, end in cue.highlights for a in said.split(cue.text[start:end])]
        for moment in moments
        for cue in moment.cues
        if cue.highlights
    }


def assert_found_as_scanned(library: Library, said: Said, phrase: str) -> None:
    wanted = said.split(phrase)
    moments = library.search(f'"{phrase}"', limit=None)
    found = Counter((m.episode.id, match.start, match.end) for m in moments for match in m.matches)
    assert found == said.spans(wanted)
    assert highlighted(moments, said) == said.marked(wanted)
    for moment in moments:
        assert moment.start == moment.matches[0].start
        for match in moment.matches:
            assert match.how == "exact"


@st.composite
def runs(draw: st.DrawFn, said: Said) -> str:
    """2 to 10 atoms of an episode, as text: its own spelling of each, a space at cue borders."""
    name = draw(st.sampled_from(sorted(name for name, atoms in said.atoms.items() if len(atoms) > 1)))
    atoms = said.atoms[name]
    begin = draw(st.integers(0, len(atoms) - 2))
    end = draw(st.integers(begin + 2, min(len(atoms), begin + 10)))
    return " ".join(atom for atom, _ in atoms[begin:end])


@settings(max_examples=60)
@given(data=st.data(), episodes=shows())
def test_any_run_of_atoms_is_found_wherever_it_stands_and_nowhere_else(
    tools: Tools, data: st.DataObject, episodes: dict[str, list[Line]]
) -> None:
    with tools.library({**episodes, "z": spaced(["有一句", "话在这里"])}) as library:
        said = Said(library, tools)
        for _ in range(6):
            assert_found_as_scanned(library, said, data.draw(runs(said)))


@settings(max_examples=40)
@given(data=st.data(), episodes=shows())
def test_text_cut_out_of_a_transcript_is_found_as_it_is_written(
    tools: Tools, data: st.DataObject, episodes: dict[str, list[Line]]
) -> None:
    """The original characters, punctuation and width as they are, cues joined by a space."""
    with tools.library({**episodes, "z": spaced(["有一句", "话在这里"])}) as library:
        said = Said(library, tools)
        whole = data.draw(st.sampled_from(sorted(" ".join(cue.text for cue in cues) for cues in said.cues.values())))
        words = whole.split()
        begin = data.draw(st.integers(0, max(0, len(words) - 1)))
        phrase = " ".join(words[begin : begin + data.draw(st.integers(1, 3))])
        if said.split(phrase):
            assert_found_as_scanned(library, said, phrase)


@settings(max_examples=20)
@given(data=st.data(), episodes=shows())
def test_a_run_that_was_never_said_is_not_found(
    tools: Tools, data: st.DataObject, episodes: dict[str, list[Line]]
) -> None:
    with tools.library({**episodes, "z": spaced(["有一句", "话在这里"])}) as library:
        said = Said(library, tools)
        known = sorted({atom for atoms in said.atoms.values() for atom, _ in atoms})
        for _ in range(4):
            phrase = " ".join(data.draw(st.lists(st.sampled_from(known), min_size=2, max_size=5)))
            assert_found_as_scanned(library, said, phrase)


def _every_run(texts: Sequence[str]) -> Iterator[str]:
    joined = "".join(texts)
    for start in range(len(joined)):
        for length in (2, 3, 5, 8):
            yield joined[start : start + length]


def test_every_run_of_the_traditional_episode_is_found_in_either_script(tiny: Library, tools: Tools) -> None:
    said = Said(tiny, tools)
    texts = [cue.text for cue in said.cues["bridge/stone"]]
    for run in set(_every_run(texts)):
        assert_found_as_scanned(tiny, said, run)
        assert_found_as_scanned(tiny, said, tools.folding.fold(run))


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("一壶好水", [("tea/kettle", 4.0, 12.0, "一壶好水")]),
        ("软件无线电", [("tea/radio", 16.0, 24.0, "软件无线电")]),
        ("八十度红茶", [("tea/kettle", 12.0, 16.0, "八十度红茶")]),
        ("石桥有", [("bridge/stone", 8.0, 12.0, "石橋有")]),
        ("哈哈", [("tea/kettle", 32.0, 36.0, "哈哈")] * 3),
        ("rtl sdr是", [("tea/radio", 16.0, 20.0, "RTL-SDR是")]),
        ("ＫＥＴＴＬＥ pro 2", [("tea/kettle", 16.0, 20.0, "Kettle Pro 2")]),
        ("1.5mb", [("tea/kettle", 20.0, 24.0, "1.5MB")]),
        ("5MB", []),
        ("90MHz", []),
        ("一壶 的好水", []),
    ],
)
def test_a_phrase_of_the_tiny_corpus_is_found_where_it_was_said(
    tiny: Library, phrase: str, found: list[tuple[str, float, float, str]]
) -> None:
    moments = tiny.search(f'"{phrase}"')
    assert [(m.episode.id, x.start, x.end, x.text) for m in moments for x in m.matches] == found


def test_the_highlights_of_a_phrase_across_cues_make_up_the_phrase(tiny: Library) -> None:
    (moment,) = tiny.search('"一壶好水"')
    assert [cue.text[a:b] for cue in moment.cues for a, b in cue.highlights] == ["一壶", "好水"]


def test_a_match_can_span_three_cues(tools: Tools) -> None:
    with tools.library({"a": spaced(["天气很", "好", "我们出门"])}) as library:
        (moment,) = library.search('"很好我们"')
        assert [(m.start, m.end, m.text) for m in moment.matches] == [(0.0, 12.0, "很好我们")]
        assert [cue.text[a:b] for cue in moment.cues for a, b in cue.highlights] == ["很", "好", "我们"]


def test_a_cue_without_text_does_not_interrupt_a_phrase(tools: Tools) -> None:
    with tools.library({"a": spaced(["天气很", "……", "好极了"])}) as library:
        (moment,) = library.search('"很好极"')
        assert [cue.text[a:b] for cue in moment.cues for a, b in cue.highlights] == ["很", "好极"]


def test_a_sign_that_folds_to_letters_is_found(tools: Tools) -> None:
    with tools.library({"a": spaced(["一㎏的茶"])}) as library:
        assert [m.text for moment in library.search('"㎏"') for m in moment.matches] == ["㎏"]


@pytest.mark.parametrize("query", ['"𠮷野"', "𠮷", "𠮷野家", "=𠮷野"])
def test_characters_outside_the_basic_plane_are_found(tools: Tools, query: str) -> None:
    with tools.library({"a": spaced(["今天去𠮷野家", "吃饭"]), "b": spaced(["没有去"])}) as library:
        (moment,) = library.search(query)
        assert moment.matches[0].text in ("𠮷野家", "𠮷野", "𠮷")
        assert library.explore.trend("𠮷野家")[0].count == 1
