"""A summary of a corpus: how much of what is in it, how fast people speak, how its vocabulary grows, what is damped."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from search.explore.part import choose
from search.explore.words import Words
from search.postings import Postings

_COMMONEST = 5


@dataclass(frozen=True, slots=True)
class Share:
    """What a show or a speaker has of a corpus: episodes, hours, atoms, and atoms a minute of speech."""

    kind: str
    name: str
    episodes: int
    hours: float
    atoms: int
    atoms_a_minute: float


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of a corpus. `words` are running words, `vocabulary` different ones, `once` those that come once; all
    without the `damped_words` of `damped_cues` cues, which are loops and stock lines.

    `growth` (k, beta) fits vocabulary = k * words ** beta, Heaps' law (Heaps, Information retrieval, 1978), by least
    squares of logarithms, episode by episode; (0, 0) for fewer than three.
    """

    episodes: int
    hours: float
    cues: int
    atoms: int
    atoms_a_minute: float
    words: int
    vocabulary: int
    once: int
    growth: tuple[float, float]
    damped_cues: int
    damped_words: int
    damped_lines: tuple[tuple[str, int], ...]
    languages: tuple[tuple[str, int], ...]
    months: tuple[tuple[str, int], ...]
    shares: tuple[Share, ...]


def summarise(words: Words, damping: bool = True) -> Summary:
    """The summary of an index."""
    postings = words.postings
    part = choose(postings, damping=damping)
    episodes = [postings.episode(number) for number in postings.episodes()]
    seen: Counter[int] = Counter()
    sizes: list[tuple[int, int]] = []
    running = 0
    for run in words.runs(part):
        seen.update(run)
        running += len(run)
        sizes.append((running, len(seen)))
    seconds = sum(episode.duration for episode in episodes)
    atoms = sum(episode.atoms for episode in episodes)
    lines = _damped_lines(postings)
    return Summary(
        episodes=len(episodes),
        hours=seconds / 3600,
        cues=sum(episode.cues for episode in episodes),
        atoms=atoms,
        atoms_a_minute=60 * atoms / seconds if seconds else 0.0,
        words=running,
        vocabulary=len(seen),
        once=sum(count == 1 for count in seen.values()),
        growth=heaps(sizes),
        damped_cues=sum(lines.values()),
        damped_words=words.size(part.damped),
        damped_lines=tuple(lines.most_common(_COMMONEST)),
        languages=_counted(episode.facts.language or "" for episode in episodes),
        months=tuple(sorted(_counted((episode.date or "")[:7] for episode in episodes))),
        shares=tuple(_shares(postings)),
    )


def heaps(sizes: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """(k, beta) of vocabulary = k * words ** beta, by least squares of the logarithms of (words, vocabulary)."""
    points = [(math.log(words), math.log(vocabulary)) for words, vocabulary in sizes if words and vocabulary]
    if len({x for x, _ in points}) < 3:
        return 0.0, 0.0
    middle_x, middle_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    slope = sum((x - middle_x) * (y - middle_y) for x, y in points) / sum((x - middle_x) ** 2 for x, _ in points)
    return math.exp(middle_y - slope * middle_x), slope


def _damped_lines(postings: Postings) -> Counter[str]:
    lines: Counter[str] = Counter()
    for number in postings.episodes():
        stretches = postings.damped_cues(number)
        if stretches:
            texts, _ = postings.text(number)
            lines.update(texts[cue] for one in stretches for cue in range(one.first, one.end))
    return lines


def _counted(values: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(filter(None, values)).most_common())


def _shares(postings: Postings) -> Iterable[Share]:
    """The shows, and the speakers that cues name, the longest first."""
    shows: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
    speakers: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
    for number in postings.episodes():
        episode = postings.episode(number)
        shows[episode.show].append((episode.duration, episode.atoms))
        for name, said in _spoken(postings, number).items() if episode.voices else ():
            speakers[name].append(said)
    for kind, found in (("show", shows), ("speaker", speakers)):
        for name, parts in sorted(found.items(), key=lambda item: -sum(seconds for seconds, _ in item[1])):
            seconds, atoms = sum(part[0] for part in parts), sum(part[1] for part in parts)
            yield Share(kind, name, len(parts), seconds / 3600, atoms, 60 * atoms / seconds if seconds else 0.0)


def _spoken(postings: Postings, number: int) -> Mapping[str, tuple[float, int]]:
    """speaker -> seconds and atoms of what an episode's cues give to each."""
    times, (_, speakers) = postings.times(number), postings.text(number)
    found: defaultdict[str, tuple[float, int]] = defaultdict(lambda: (0.0, 0))
    for cue, speaker in enumerate(speakers):
        if speaker:
            seconds, atoms = found[speaker]
            more = times.first[cue + 1] - times.first[cue]
            found[speaker] = seconds + times.durations[cue] / 1000, atoms + more
    return found
