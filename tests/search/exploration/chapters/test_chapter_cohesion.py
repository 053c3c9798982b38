"""How the words around a cue differ, where times are wrong."""

from __future__ import annotations

from search.exploration.chapters.chapter_cohesion import distances


def test_words_looked_for_are_not_all_of_an_episode_whose_times_stand_still() -> None:
    class Counted(dict[int, float]):
        looked_up = 0

        def __getitem__(self, number: int) -> float:
            self.looked_up += 1
            return super().__getitem__(number)

    rarity = Counted(dict.fromkeys(range(2000), 1.0))
    said = [range(10 * cue, 10 * cue + 10) for cue in range(200)]
    found = distances(said, [0.0] * 200, rarity)
    assert len(found["brings up"]) == 200
    assert rarity.looked_up < 500_000  # 1,211,960 if all words were looked for at each cue
