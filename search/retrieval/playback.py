"""Decides where to press play for a window of a ranked query: at a quote, or at a cue shortly before the first
match."""

from __future__ import annotations

from functools import cached_property

from indexer.core.positions.token_stream import Region
from search.retrieval.scorer import Scorer
from search.retrieval.windows import Window, extent, play_from


class Playback:
    """Finds the starts of the windows of one query."""

    def __init__(self, scorer: Scorer) -> None:
        self._plan = scorer.plan
        self._snapshot = scorer.snapshot
        self._weights = scorer.weights

    def start(self, window: Window) -> int:
        """Where to press play, in milliseconds. If the window quotes the query, or says the one text that was typed,
        that is where this begins; else at the cue of the first match or, for several words, at a cue that begins
        shortly before."""
        times, first = self._snapshot.times(window.episode), window.hits[0][0]
        place = self._quoted(window)
        if place is not None:
            return play_from(times, place)
        start, cue = play_from(times, first), times.cue_at(first)
        earliest = start - round(self._weights.lead_in * 1000)
        if earliest > times.starts[cue]:
            return start
        while cue > 0 and earliest <= times.starts[cue - 1] <= times.starts[cue]:
            cue -= 1
        return times.starts[cue]

    def is_quote(self, window: Window) -> bool:
        """True for a window that quotes the query at length."""
        return self._quote(window) is not None

    def _quoted(self, window: Window) -> int | None:
        """The position at which the window says the query or most of it, as typed or misheard; None if it does not."""
        place = self._quote(window)
        if place is None and self._long_texts:
            from search.retrieval.sentences.misheard_quotes import misheard_quote

            text, stream = max(self._long_texts, key=len), self._snapshot.stream(window.episode)
            place = misheard_quote(text, stream, self._region(window), window.hits, self._plan.terms)
        if place is None and self._whole is not None:
            place = next((place for place, number, _ in window.hits if number == self._whole), None)
        return place

    def _quote(self, window: Window) -> int | None:
        """The position of the longest run shared with the query; None if it is too short to be a quote."""
        if not self._long_texts:
            return None
        from difflib import SequenceMatcher

        stream, (begin, end) = self._snapshot.stream(window.episode), self._region(window)
        said = stream.units(begin, end)
        best_at, best_size = 0, 0
        for text in self._long_texts:
            least = max(self._weights.quote_atoms, len(text) // 2)
            match = SequenceMatcher(None, said, stream.coded(text), autojunk=False).find_longest_match()
            if match.size >= max(least, best_size + 1):
                best_at, best_size = match.a, match.size
        return begin + best_at if best_size else None

    def _region(self, window: Window) -> Region:
        """The atoms of a window, with a margin on both sides."""
        first, end = extent(window, self._plan.terms)
        margin = self._weights.margin_atoms
        return max(0, first - margin), min(end + margin, self._snapshot.atoms(window.episode))

    @cached_property
    def _whole(self) -> int | None:
        """The number of the term for all that was typed, if that was a single text of several words; else None."""
        exact = [number for number, term in enumerate(self._plan.terms) if term.is_exact and term.alternatives]
        typed = self._plan.texts[0] if len(self._plan.texts) == 1 < len(exact) else None
        return next((number for number in exact if self._plan.terms[number].alternatives[0].atoms == typed), None)

    @cached_property
    def _long_texts(self) -> list[tuple[str, ...]]:
        """The texts that are long enough to be quoted."""
        return [text for text in self._plan.texts if len(text) >= self._weights.quote_atoms]
