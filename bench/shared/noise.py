"""Corrupts Chinese text as recognisers do: characters become others that sound the same or nearly so.

The mix is that of 1,600 wrong characters in recordings transcribed twice, of the errors that go by sound:
of 62 in 100, 41 have the same sound and tone, 13 another tone, 8 a sound that is easily confused.
Replacements are drawn by how common they are in the text itself.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable

from indexer.core.words.pronunciation import Readings, near_form

SAME_TONE, OTHER_TONE = 41 / 62, 13 / 62


class Noise:
    """Replaces characters of texts; `texts` say which characters are common."""

    def __init__(self, readings: Readings, texts: Iterable[str]) -> None:
        self._readings = readings.characters
        self._counts = Counter(c for text in texts for c in text if c in readings.characters)
        self._pools: defaultdict[object, list[str]] = defaultdict(list)
        for character in sorted(self._counts):
            syllable, tone = self._readings[character]
            for key in ((syllable, tone), syllable, ("near", near_form(syllable))):
                self._pools[key].append(character)

    def corrupt(self, text: str, share: float, chance: random.Random) -> str:
        """The text with about `share` of its characters replaced."""
        return "".join(self._replaced(c, chance) if c in self._counts and chance.random() < share else c for c in text)

    def _replaced(self, character: str, chance: random.Random) -> str:
        syllable, tone = self._readings[character]
        drawn = chance.random()
        wanted = 0 if drawn < SAME_TONE else 1 if drawn < SAME_TONE + OTHER_TONE else 2
        nearer: set[str] = {character}
        pools = []
        for key in ((syllable, tone), syllable, ("near", near_form(syllable))):
            pools.append([other for other in self._pools[key] if other not in nearer])
            nearer.update(pools[-1])
        # Some sounds have no other character of the wanted kind; then the nearest there is.
        pool = next((pool for pool in (pools[wanted], *pools) if pool), None)
        return chance.choices(pool, [self._counts[other] for other in pool])[0] if pool else character
