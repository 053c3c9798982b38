"""Reranking: the full score of a window, computed from its own score and further evidence in and around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from indexer.core import native
from indexer.core.named_tuples import NamedTuple
from indexer.core.positions.token_stream import Region
from search.matching.sources import MANY
from search.retrieval.resolved_plan import ResolvedTerm
from search.retrieval.scorer import Scorer
from search.retrieval.windows import Hit, Window, cues_around, extent, gather_hits, pair_distances, play_from
from search.scoring import bm25, closeness_score, window_score

if TYPE_CHECKING:
    from search.matching.many_sources import Together
    from search.retrieval.playback import Playback
    from search.retrieval.sentences.shared_grams import WeightedGrams


class Scored(NamedTuple):
    """A window with its full score; `parts` (name, value) add up to it."""

    window: Window
    score: float
    parts: tuple[tuple[str, float], ...]


class Found(NamedTuple):
    """A moment: its window and score, and where to start playback in milliseconds."""

    scored: Scored
    start: int

    @property
    def window(self) -> Window:
        return self.scored.window


def not_above(one: Scored, worst: float) -> Scored:
    """Returns the window, its score capped at `worst`: the score of the window listed before it."""
    if one.score <= worst:
        return one
    return Scored(one.window, worst, (*one.parts, ("after better ones", worst - one.score)))


def apart(found: Iterable[Found], apart_ms: int) -> Iterator[Found]:
    """Drops moments that begin too close to a better one of the same episode."""
    taken: dict[int, list[int]] = {}
    for moment in found:
        starts = taken.setdefault(moment.window.episode, [])
        if all(abs(moment.start - other) >= apart_ms for other in starts):
            starts.append(moment.start)
            yield moment


class Beside(NamedTuple):
    """The signals that add to the score of a window, apart from its terms and their context. A new signal is a field
    here, with its value in `Evidence.beside` and a bound in `Evidence.most_beside`."""

    episode: float
    closeness: float
    characters: float


class Evidence:
    """Computes the full scores of the windows of one query."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self._plan = scorer.plan
        self._snapshot = scorer.snapshot
        self._weights = scorer.weights
        self._term_weights = scorer.term_weights
        self._total = scorer.total
        self._episodes: dict[int, float] = {}
        self._coded: dict[int, list[tuple[str, float]]] = {}
        """What `_coded_grams` returned, by episode; empty unless some grams contain names."""

    def score(self, window: Window) -> Scored:
        """Returns the window with its full score."""
        # The other signals relate several terms to each other.
        if self._plan.is_single:
            score = window.score * self._weights.damped if window.damped else window.score
            return Scored(window, score, (("window", score),))
        return self.with_context(window, self.beside(window))

    def beside(self, window: Window) -> Beside:
        """Returns the signals of a window, apart from its context."""
        episode = self._weights.episode * self._episode(window.episode)
        characters = self.characters(window.episode, *extent(window, self._plan.terms))
        return Beside(episode, self.closeness(window), characters)

    def with_context(self, window: Window, beside: Beside) -> Scored:
        """Returns the window with its full score, given what `beside` returned."""
        context = self._weights.context * self.context(window.episode, window.hits[0][0], window.hits[-1][0])
        parts = [("window", window.score), ("context", context), *zip(Beside._fields, beside, strict=True)]
        if window.damped:
            parts = [(name, value * self._weights.damped) for name, value in parts]
        return Scored(window, sum(value for _, value in parts), tuple(parts))

    def most(self, window: Window, beside: Beside) -> float:
        """An upper bound of the full score of a window, which needs no look at its context."""
        most = window.score + self.most_context(window.episode) + sum(beside)
        return most * self._weights.damped if window.damped else most

    def closeness(self, window: Window) -> float:
        """The score for terms that are close to each other."""
        hits = self._telling(window.hits)
        if self._scorer.whole_of:
            hits = [hits[index] for index in self._scorer.outside_wholes(hits)]
        pairs = pair_distances(hits, self._plan.terms)
        return self._weights.closeness * closeness_score(pairs, self._term_weights, self._weights)

    def most_context(self, episode: int) -> float:
        """An upper bound of what the wider context adds to the score of a window of an episode."""
        terms = zip(self._plan.terms, self._term_weights, strict=True)
        counts = [term.bounds.get(episode, 0) if weight else 0 for term, weight in terms]
        return self._weights.context * window_score(counts, self._term_weights, self._total, self._weights)

    @cached_property
    def most_characters(self) -> float:
        """An upper bound of what shared characters add."""
        return sum(gain for grams in self._grams for gain in grams.values())

    def most_beside(self, episode: int) -> float:
        """An upper bound of what the episode and shared characters add."""
        return self._weights.episode * self._episode(episode) + self.most_characters

    def _telling(self, hits: Sequence[Hit]) -> list[Hit]:
        """The hits without expansions of terms that are also present exactly."""
        present = {number for _, number, _ in hits}
        return [hit for hit in hits if self._plan.terms[hit[1]].stands_for not in present]

    def context(self, episode: int, first: int, last: int) -> float:
        """The window score of the speech from some seconds before the hit at atom `first` to some seconds after the one
        at `last`."""
        times = self._snapshot.times(episode)
        reach = round(self._weights.context_seconds * 1000)
        low, high = cues_around(times, times.cue_at(first), times.cue_at(last), reach, self._weights.window_atoms)
        begin, end = times.first[low], times.first[high + 1]
        counts = [0] * len(self._term_weights)
        many = not self._plan.stand_ins and len(self._counted) > MANY
        if many:
            numbers, together = self._together
            for number, found in zip(numbers, together.amounts(episode, (begin, end)), strict=True):
                counts[number] += found
        for number, term, amount in () if many else self._counted:
            if term.is_exact or not self._is_said(term, counts):
                counts[number] = amount(episode, begin, end)
        if self._scorer.whole_of:
            self._leave_out_parts(counts, episode, (begin, end))
        return window_score(counts, self._term_weights, self._total, self._weights)

    @cached_property
    def _counted(self) -> list[tuple[int, ResolvedTerm, Callable[[int, int, int], int]]]:
        """For each term with a weight: its number, the term, and a function (episode, first atom, end) that counts
        it."""
        return [
            (number, term, term.alternatives[0].source.amount if len(term.alternatives) == 1 else term.amount)
            for number, term in enumerate(self._plan.terms)
            if self._term_weights[number]
        ]

    @cached_property
    def _together(self) -> tuple[list[int], Together]:
        """The sources of all terms with a weight, to be read in one pass; the list has the number of the term of
        each."""
        from search.matching.many_sources import Together

        ways = [(number, way.source) for number, term, _ in self._counted for way in term.alternatives]
        return [number for number, _ in ways], Together([source for _, source in ways], self._snapshot)

    def _leave_out_parts(self, counts: list[int], episode: int, region: Region) -> None:
        """Reduces the counts of terms that are part of a longer term to their occurrences outside of it in the
        region."""
        for part, longer in self._scorer.whole_of.items():
            if counts[part] and any(counts[number] for number in longer):
                hits = gather_hits(self._plan.terms, (part, *longer), episode, [region])
                counts[part] = sum(hits[index][1] == part for index in self._scorer.outside_wholes(hits))

    def _is_said(self, term: ResolvedTerm, counts: Sequence[int]) -> bool:
        """True if the term that this expansion stands for is already present, exactly or in a better form."""
        assert term.stands_for is not None
        rivals = (term.stands_for, *self._plan.stand_ins[term.stands_for])
        return term.backed or any(counts[number] for number in rivals)

    def _episode(self, episode: int) -> float:
        score = self._episodes.get(episode)
        if score is None:
            if len(self._exact_counts) > MANY:
                occurrences = self._occurrences.get(episode, [])
            else:
                occurrences = [(counts.get(episode, 0), having) for counts, having in self._exact_counts]
            count = self._snapshot.episode_count
            average = self._snapshot.total_atoms / max(1, count)
            score = self._episodes[episode] = bm25(occurrences, count, self._snapshot.atoms(episode), average)
        return score

    @cached_property
    def _exact_counts(self) -> list[tuple[Mapping[int, int], int]]:
        """For each exact term with a weight: its counts by episode, and the number of episodes with it."""
        terms = zip(self._plan.terms, self._term_weights, strict=True)
        return [(term.counts, term.episodes) for term, weight in terms if weight and term.is_exact]

    @cached_property
    def _occurrences(self) -> Mapping[int, list[tuple[int, int]]]:
        """episode -> (count there, episodes with the term) of each exact term it has."""
        occurrences: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for counts, having in self._exact_counts:
            for episode, count in counts.items():
                occurrences[episode].append((count, having))
        return occurrences

    def characters(self, episode: int, first: int, end: int) -> float:
        """The score of what the atoms [first, end), with a margin, share with the running text of the query:
        characters, pairs and triples, each weighted by the mean information of its characters. This finds sentences
        quoted from memory better than words do."""
        margin = self._weights.margin_atoms
        begin, end = max(0, first - margin), min(end + margin, self._snapshot.atoms(episode))
        said = self._snapshot.stream(episode).units(begin, end)
        return sum(native.shared_gains(said, self._coded_grams(episode)))

    def _coded_grams(self, episode: int) -> list[tuple[str, float]]:
        """The grams as coded in the stream of an episode. Only names are coded differently in each episode."""
        named = self._grams[1]
        if not named:
            return self._plain_grams
        coded = self._coded.get(episode)
        if coded is None:
            code = self._snapshot.stream(episode).coded
            coded = self._coded[episode] = [*self._plain_grams, *((code(gram), gain) for gram, gain in named.items())]
        return coded

    @cached_property
    def _plain_grams(self) -> list[tuple[str, float]]:
        return list(self._grams[0].items())

    @cached_property
    def _grams(self) -> WeightedGrams:
        from search.retrieval.sentences.shared_grams import weighted_grams

        return weighted_grams(self._scorer)

    def start(self, window: Window) -> int:
        """Where to press play, in milliseconds: at the first exact match or, for a ranked query, where `Playback`
        says."""
        if not self._plan.is_exhaustive:
            return self.playback.start(window)
        exact = (hit for hit in window.hits if self._plan.terms[hit[1]].is_exact)
        return play_from(self._snapshot.times(window.episode), next(exact, window.hits[0])[0])

    @cached_property
    def playback(self) -> Playback:
        from search.retrieval.playback import Playback  # late: an exhaustive query has no use for it

        return Playback(self._scorer)
