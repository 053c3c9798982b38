"""Fetches episodes of a remote index in order: by what their passages may score, by how often they have a run, or by
their BM25. Each function returns whether it fetched any."""

from __future__ import annotations

from search.backends.conditions import Condition
from search.backends.remote import ByBound, Peak, Questions
from search.retrieval.remote.fetching.fetched_episodes import Gathered
from search.retrieval.remote.fetching.likeliest_episodes import least_bound
from search.retrieval.remote.fetching.listed_bounds import ListedPassages

FIRST_BATCH, BATCH = 100, 400
"""Episodes fetched at once, in the order of their bounds."""
_PARTIAL = 2
"""So many partial episodes are fetched in place of a whole one: they are smaller."""
_WINDOWS, _MOST_FIRST = 80, 300
"""So many windows are looked for in FIRST_BATCH episodes; for more, in more: in fewer, the worst says little. But for
those of a pasted paragraph not in all there are: so many episodes tell which others cannot compete."""
_OF_TEXT = 150
"""Or of running text, whose many decks are larger."""
_OF_LONG_LIST = 250
"""Or of a long list of it: the worst of a hundred moments is far from the worst window of fewer episodes."""
_UNTOLD = 350
"""Or of one of which no episodes came with the list, so that the next are the last before what is shown."""
_FEW_DECKS = 16
"""Episodes with so many decks are small."""
MOST_BOUNDED = 2500
"""Episodes whose bounds are asked for: more than are read for a question."""
FIRST_PEAKS, MOST_PEAKS = 1000, 10_000
"""Episodes whose peaks are asked for at first, and at most; each time four times as many."""


def was_read(gathered: Gathered, listed: ByBound) -> bool:
    """Whether episodes with the first of these passages were fetched, or there are none."""
    known = gathered.lists.of_passages(listed)
    return known.was_read or (known.size > 0 and not known.found)


def first_likely(gathered: Gathered, listed: ByBound, floor: float | None, windows: int, is_long: bool) -> list[str]:
    """The keys of the first episodes in the order of the bounds of their passages, which are now taken for read: as
    many as are likely to hold so many `windows`, of those that may hold one that scores at least `floor`; more for a
    long list."""
    known = gathered.lists.of_passages(listed)
    size = _size(gathered, known, floor, windows, is_long)
    known.was_read = True
    return gathered.with_room(known.reaching(_least(floor))[:size])


def first_of_last(gathered: Gathered, is_long: bool) -> list[str]:
    """The keys of the first episodes of running text in the order of passages that were listed while some of its runs
    were not counted yet: most are among the first of all, too, so that they say what the others must reach. Twice as
    many for a long list."""
    last = gathered.lists.last
    if last is None or gathered.bodies or not gathered.hears_apart:
        return []
    return gathered.with_room(last.reaching(-1.0)[: FIRST_BATCH * (1 + is_long)])


def get_likely(gathered: Gathered, listed: ByBound, floor: float | None, windows: int, is_long: bool) -> bool | None:
    """Fetches the episodes next in the order of the bounds of their passages, which may hold a window that scores at
    least `floor` (None: any), at first as many as are likely to hold so many `windows`. Returns False if there were
    none left, None if too many episodes may."""
    known = gathered.lists.of_passages(listed)
    if not known.size:  # how many there are tells what else to fetch with the first of them
        first = first_of_last(gathered, is_long)
        also = tuple(gathered.by_key(first, gathered.columns.ranked))
        gathered.ask(Questions(also=also, listed=listed._replace(size=MOST_BOUNDED)))
        gathered.fetch_each([(first, gathered.columns.ranked)])
        return True
    least = _least(floor)
    unread = [key for key in known.reaching(least) if not gathered.is_read(key)]
    if unread:
        size = _size(gathered, known, floor, windows, is_long)
        known.was_read = True
        return _got(gathered, [*unread[:size], *gathered.lists.likely])
    return False if known.is_over(least) else None


def get_likeliest(gathered: Gathered) -> bool:
    """Fetches those of the wanted likeliest episodes that are not here; False if all are."""
    likeliest = gathered.lists.likeliest
    if likeliest is None:
        return False
    if likeliest.question is not None:
        gathered.ask(Questions())
    unread = [key for key in likeliest.keys if not gathered.is_read(key)]
    wanted = gathered.with_room(unread)
    if len(wanted) < len(unread):
        gathered.too_many()
    gathered.fetch_ranked(wanted)
    return bool(wanted)


def get_densest(
    gathered: Gathered, run: tuple[str, ...], condition: Condition, floor: Peak | None, first: int
) -> bool | None:
    """Fetches the episodes next in the order of the peaks of a run, of those that come before `floor` (None: any). The
    `first` of all come with the list of them. Returns False if there were none left, None if there are too many."""
    known = gathered.lists.of_peaks(run, condition)
    while True:
        unread = [peak.key for peak in known.before(floor) if not gathered.is_read(peak.key)]
        if unread:
            size = BATCH if known.was_read else first
            known.was_read = True
            return _got(gathered, unread[:size])
        if known.is_over(floor):
            return False
        if known.size >= MOST_PEAKS:
            return None
        at_once, columns = gathered.first_listed(0 if known.size else first)
        known.size = min(max(FIRST_PEAKS, known.size * 4), MOST_PEAKS)
        known.found, stored = gathered.remote.peaks(run, condition, known.size, at_once, columns)
        gathered.learn(stored)


def _times(gathered: Gathered) -> int:
    return 1 if gathered.decks is None else _PARTIAL


def _least(floor: float | None) -> float:
    """The least bound of an episode that may reach a score (None: any)."""
    return -1.0 if floor is None else least_bound(floor)


def _size(gathered: Gathered, known: ListedPassages, floor: float | None, windows: int, is_long: bool) -> int:
    """How many episodes are fetched next. For a long list of running text, or where very many episodes may compete of
    which few decks are wanted, the first ones, which came with the list, already tell what all others must reach. If
    none came, more of them come now: what they tell decides with the last request."""
    if not gathered.hears_apart or floor is None or known.was_read:
        return _times(gathered) * BATCH if known.was_read else _first(gathered, windows, is_long)
    first = known.reaching(_least(floor))[:FIRST_BATCH]
    if 2 * sum(map(gathered.is_read, first)) < len(first):
        return _UNTOLD if is_long else _first(gathered, windows, is_long)
    are_small = gathered.decks is not None and len(gathered.decks) <= _FEW_DECKS
    is_told = windows > _WINDOWS or (are_small and len(known.reaching(_least(floor))) > 2 * _OF_TEXT)
    return _times(gathered) * BATCH if is_told else _first(gathered, windows, is_long)


def _first(gathered: Gathered, windows: int, is_long: bool) -> int:
    """The episodes that are likely to hold so many windows."""
    size = int(_times(gathered) * FIRST_BATCH * max(1.0, windows / _WINDOWS))
    if not gathered.hears_apart:
        return min(_MOST_FIRST, size)
    return min(_OF_LONG_LIST, 2 * size) if is_long else min(_OF_TEXT, size)


def _got(gathered: Gathered, keys: list[str]) -> bool:
    """Fetches as many of some episodes as may be read; False if none may."""
    wanted = gathered.with_room(keys)
    if wanted:
        gathered.fetch_ranked(wanted)
    else:
        gathered.too_many()
    return bool(wanted)
