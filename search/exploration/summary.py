"""Summarises a corpus: its size, rates of speech, vocabulary growth, and what is damped."""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.core.named_tuples import NamedTuple
from indexer.core.native import tally
from indexer.core.types import damped_kinds
from search.exploration.counting.occurrences import seconds, size
from search.exploration.counting.subcorpus import Part
from search.exploration.counting.words import Words
from search.exploration.trends import GROUPS

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_COMMONEST = 5


@dataclass(frozen=True, slots=True)
class Share:
    """The share of a show or a speaker: episodes, hours in total, and, without damped speech, atoms and atoms per
    minute (`Summary`)."""

    kind: str
    name: str
    episodes: int
    hours: float
    atoms: int
    atoms_a_minute: float


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of a corpus: `hours` and `cues` of everything; without damped speech, `atoms`, `atoms_a_minute`, running
    `words`, distinct words (`vocabulary`), and words that occur `once`. The `damped_words` in `damped_cues` cues are
    loops and stock lines, which count only on request.

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
    """The summary of the episodes that were read."""
    snapshot, read = words.snapshot, words.episodes
    part = words.everything(damping)
    episodes = [snapshot.episode(number) for number in read]
    counts, sizes = _counts(words, part)
    said = _joined([_said(snapshot, part, number) for number in read])
    lines = _damped_lines(snapshot, read)
    return Summary(
        episodes=len(episodes),
        hours=said.hours,
        cues=sum(episode.cues for episode in episodes),
        atoms=said.atoms,
        atoms_a_minute=said.atoms_a_minute,
        words=sum(counts),
        vocabulary=len(counts) - counts.count(0),
        once=counts.count(1),
        growth=heaps(sizes),
        damped_cues=sum(lines.values()),
        damped_words=words.size({number: snapshot.damped(number) for number in read}),
        damped_lines=tuple(lines.most_common(_COMMONEST)),
        languages=_counted(episode.facts.language or "" for episode in episodes),
        months=tuple(sorted(_counted(GROUPS["month"](episode) or "" for episode in episodes))),
        shares=tuple(_shares(snapshot, read, part)),
    )


def _counts(words: Words, part: Part) -> tuple[array[int], list[tuple[int, int]]]:
    """The count of each number of a word; and after each episode, how many words and how many different ones there
    are up to its end."""
    counts = words.no_counts()
    sizes = []
    running = vocabulary = 0
    for number in part.kept:
        for run in words.runs(Part({number: part.kept[number]}, {})):
            vocabulary += tally(run, counts)
            running += len(run)
        sizes.append((running, vocabulary))
    return counts, sizes


def heaps(sizes: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """(k, beta) of vocabulary = k * words ** beta, by least squares of the logarithms of (words, vocabulary)."""
    points = [(math.log(words), math.log(vocabulary)) for words, vocabulary in sizes if words and vocabulary]
    if len({x for x, _ in points}) < 3:
        return 0.0, 0.0
    middle_x, middle_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    slope = sum((x - middle_x) * (y - middle_y) for x, y in points) / sum((x - middle_x) ** 2 for x, _ in points)
    return math.exp(middle_y - slope * middle_x), slope


def _damped_lines(snapshot: Snapshot, episodes: Iterable[int]) -> Counter[str]:
    lines: Counter[str] = Counter()
    for number in episodes:
        stretches = snapshot.damped_cues(number)
        if stretches:
            texts, _ = snapshot.text(number)
            lines.update(texts[cue] for cue in damped_kinds(stretches))
    return lines


def _counted(values: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(filter(None, values)).most_common())


class _Said(NamedTuple):
    """The duration of some speech in seconds, and its undamped length in atoms."""

    seconds: float
    counted: float
    atoms: int

    @property
    def hours(self) -> float:
        return self.seconds / 3600

    @property
    def atoms_a_minute(self) -> float:
        return 60 * self.atoms / self.counted if self.counted > 0 else 0.0


def _joined(parts: Iterable[_Said]) -> _Said:
    parts = list(parts)
    return _Said(
        sum(part.seconds for part in parts), sum(part.counted for part in parts), sum(part.atoms for part in parts)
    )


def _shares(snapshot: Snapshot, episodes: Iterable[int], part: Part) -> Iterable[Share]:
    """The shares of shows, and of speakers named by cues, longest first."""
    shows: defaultdict[str, list[_Said]] = defaultdict(list)
    speakers: defaultdict[str, list[_Said]] = defaultdict(list)
    for one in episodes:
        episode = snapshot.episode(one)
        shows[episode.show].append(_said(snapshot, part, one))
        for name, said in _voices(snapshot, part, one).items() if episode.voices else ():
            speakers[name].append(said)
    for kind, found in (("show", shows), ("speaker", speakers)):
        every = [(name, len(parts), _joined(parts)) for name, parts in found.items()]
        for name, number, said in sorted(every, key=lambda share: -share[2].seconds):
            yield Share(kind, name, number, said.hours, said.atoms, said.atoms_a_minute)


def _said(snapshot: Snapshot, part: Part, number: int) -> _Said:
    """The duration and length of an episode."""
    duration, damped = snapshot.episode(number).duration, part.damped.get(number, ())
    left_out = seconds(snapshot.times(number), damped) if damped else 0.0
    return _Said(duration, max(0.0, duration - left_out), size(part.kept.get(number, ())))


def _voices(snapshot: Snapshot, part: Part, number: int) -> Mapping[str, _Said]:
    """speaker -> the duration and length of their cues in an episode."""
    times, (_, speakers) = snapshot.times(number), snapshot.text(number)
    regions = part.damped.get(number, ())
    damped = {cue for begin, end in regions for cue in range(times.cue_at(begin), times.cue_at(end - 1) + 1)}
    found: defaultdict[str, list[_Said]] = defaultdict(list)
    for cue, speaker in enumerate(speakers):
        if speaker:
            lasts, atoms = times.durations[cue] / 1000, times.first[cue + 1] - times.first[cue]
            found[speaker].append(_Said(lasts, 0.0, 0) if cue in damped else _Said(lasts, lasts, atoms))
    return {speaker: _joined(cues) for speaker, cues in found.items()}
