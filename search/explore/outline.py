"""The outline of an episode: its given chapters, or proposed ones, each with what is typical of it."""

from __future__ import annotations

from dataclasses import dataclass

from search.explore.borders import find_borders, place_of
from search.explore.function_words import FUNCTION_WORDS
from search.explore.keyness import typical
from search.explore.listing import Listing
from search.explore.part import Part, choose, minus, without
from search.explore.words import Words

TITLE_WORDS = 4
_LIKELY = 0.05
"""Significance of a word of a title: a chapter is short, and nothing is claimed by it."""


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter, in seconds: its title, given or made of its typical words, those words, and its first line.

    `approximate` ones are proposed by the words, `depth` telling how surely (`search.explore.borders`).
    """

    start: float
    end: float
    title: str
    words: str
    approximate: bool
    depth: float
    line: str


def outline(words: Words, episode: int, *, given: bool | None = None, most: int | None = None) -> Listing[Section]:
    """The chapters of an episode in order: as they are given, or else (or where `given` is False) proposed ones, `most`
    of them."""
    postings = words.postings
    facts = postings.episode(episode)
    chapters = [chapter for chapter in facts.facts.chapters if chapter.kind != "soundbite"]
    part = choose(postings)
    if given is not False and (chapters or given):
        begins = [(chapter.start, chapter.title, 0.0) for chapter in sorted(chapters, key=lambda one: one.start)]
    else:
        times = postings.times(episode)
        borders = find_borders(words, episode, None if most is None else most - 1)
        first = times.starts[0] / 1000 if len(times) else 0.0
        begins = [(first, "", 0.0), *((border.start, "", border.depth) for border in borders)]
    ends = [*(start for start, _, _ in begins[1:]), facts.duration][: len(begins)]
    rows = [
        _section(words, part, episode, start, end, title, depth)
        for (start, title, depth), end in zip(begins, ends, strict=True)
    ]
    return Listing(rows, words.size({episode: part.kept.get(episode, ())}), words.size(part.damped))


def _section(
    words: Words, everything: Part, episode: int, start: float, end: float, title: str, depth: float
) -> Section:
    postings = words.postings
    atoms = place_of(postings, episode, start), place_of(postings, episode, end)
    inside = minus([atoms] if atoms[0] < atoms[1] else [], everything.damped.get(episode, ()))
    part = Part({episode: inside} if inside else {}, {})
    found = typical(words, part, without(everything, part), limit=60, least=2, significance=_LIKELY)
    # The first line says what the chapter begins with, so function words alone would make no title.
    telling = [row.term for row in found if row.term not in FUNCTION_WORDS and not row.term[:1].isdigit()]
    chosen = telling[:TITLE_WORDS]
    cue = postings.times(episode).cue_at(atoms[0]) if atoms[0] < postings.atoms(episode) else 0
    line = postings.text(episode)[0][cue] if atoms[0] < atoms[1] else ""
    return Section(start, end, title or "、".join(chosen) or line, "、".join(chosen), not title, depth, line)
