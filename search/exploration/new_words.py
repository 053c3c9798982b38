"""New words: words of the corpus that the segmenter's dictionary does not have.

A word is cohesive inside and free outside: its parts co-occur far more often than chance predicts (the minimum
pointwise mutual information over all splits in two), and its neighbours vary (the lesser of the left and right entropy:
Sornlertlamvanich, Potipiti and Charoenporn, Automatic corpus-based Thai word extraction with the C4.5 learning
algorithm, 2000; Jin and Tanaka-Ishii, Unsupervised segmentation of Chinese text by use of branching entropy, 2006). The
parts here are segmented words: a new word is one that the segmenter guessed, or several that it split.
"""

from __future__ import annotations

import math
import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from indexer.core.positions.token_stream import is_basic
from search.exploration.counting.document_frequency import look_up, moment
from search.exploration.counting.function_words import FUNCTION_WORDS
from search.exploration.counting.grams import Gram, learn
from search.exploration.counting.measures import entropy, information
from search.exploration.counting.subcorpus import Part
from search.exploration.counting.words import Words
from search.exploration.listing import Listing
from search.query.deadline import Deadline

_MOST_PARTS = 4
_LONGEST = 8
"""Characters."""
_COHESION = 3.0
"""Bits. Below, words are adjacent because each is frequent."""
_FREEDOM = 1.0
"""Bits. Below, the neighbour is nearly always the same and part of the word."""
_AT_ONCE = 128
"""Candidates whose neighbours are counted in the first round, the most promising first; twice as many in each later
round."""
_TO_FIND = 0.6
"""The share of the time limit in which candidates are sought; the rest is for their neighbours."""
_END = array("I", [0])
_ONCE_IN = 200_000
"""Words. A candidate must occur at least once in so many words, and at least three times."""

# A pronoun or particle at an edge, a number with its measure word, and mere repetition.
_PHRASE = re.compile(
    r"""[这那哪每我你您他她它咱的了吗呢吧啊呀嘛哦很再].* | .*[的了着吗呢吧啊呀嘛哦是就也都还很过们我你他这那]
      | [一二两三四五六七八九十百半几]+(?:[个句首种条件位篇台部天年月号点分秒张段岁].{0,2})? | (.{2,})\1+ | (.)\2\2+""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class NewWord:
    """A likely word: its occurrences, its document frequency, and the first moment.

    `cohesion`, `left_entropy` and `right_entropy` are in bits. The score is log2(count) * cohesion * the lesser
    entropy.
    """

    term: str
    score: float
    count: int
    cohesion: float
    left_entropy: float
    right_entropy: float
    episodes: int
    episode: str
    start: float
    line: str


@dataclass(slots=True)
class _Candidate:
    """A text that may be a word: its occurrences, its segmentations, and its neighbours."""

    text: str
    count: int = 0
    cohesion: float = -math.inf
    cuts: list[Gram] = field(default_factory=list)
    episodes: set[int] = field(default_factory=set)
    first: tuple[int, int, int] | None = None
    """The first occurrence: the episode, the word, and its length in words there."""
    left: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    right: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, cut: Gram, count: int, cohesion: float) -> None:
        """Adds another segmentation."""
        self.cuts.append(cut)
        self.count += count
        self.cohesion = max(self.cohesion, cohesion)

    @property
    def promise(self) -> float:
        """An upper bound of the score: an entropy cannot exceed the logarithm of the count."""
        return math.log2(self.count) ** 2 * self.cohesion

    @property
    def entropies(self) -> tuple[float, float]:
        return entropy(self.left.values()), entropy(self.right.values())

    @property
    def score(self) -> float:
        return math.log2(self.count) * self.cohesion * min(self.entropies)


def new_words(
    words: Words,
    part: Part,
    known: Callable[[str], bool],
    *,
    limit: int | None = 20,
    least: int | None = None,
    sort: str = "score",
    deadline: Deadline | None = None,
) -> Listing[NewWord]:
    """Returns likely words in a part that are not `known`, by score or by frequency. `least` is the minimum count."""
    size = words.size(part.kept)
    least = max(3, size // _ONCE_IN) if least is None else max(2, least)
    deadline = deadline or Deadline()
    found = _candidates(words, part, known, least, deadline.share(_TO_FIND))
    found.sort(key=lambda one: (-one.promise, one.text))
    best = _best(words, part, found, limit, deadline)
    if sort == "count":
        best.sort(key=lambda one: -one.count)
    return Listing([_row(words, one) for one in best], size, words.size(part.damped))


def _row(words: Words, one: _Candidate) -> NewWord:
    left, right = one.entropies
    assert one.first is not None
    there = moment(words, *one.first)
    return NewWord(one.text, one.score, one.count, one.cohesion, left, right, len(one.episodes), *there)


def _best(
    words: Words, part: Part, found: Sequence[_Candidate], limit: int | None, deadline: Deadline
) -> list[_Candidate]:
    """The best candidates. They come by falling upper bound, and counting stops once no other can be among the best, or
    time is over."""
    best: list[_Candidate] = []
    begin, end = 0, len(found) if limit is None else _AT_ONCE
    while begin < len(found) and not (best and len(best) == limit and found[begin].promise < best[-1].score):
        _look_around(words, part, found[begin:end], deadline)
        free = (one for one in found[begin:end] if min(one.entropies) >= _FREEDOM)
        best = sorted((*best, *free), key=lambda one: (-one.score, one.text))[:limit]
        if deadline.is_over():
            break
        begin, end = end, 3 * end
    return best


def _candidates(
    words: Words, part: Part, known: Callable[[str], bool], least: int, deadline: Deadline
) -> list[_Candidate]:
    """Texts of one to four segmented words that are cohesive and not known."""
    runs = words.runs(part, sentences=True, deadline=deadline)
    counts = words.counts(part)
    total = counts.total()
    characters = _characters(words, counts)
    all_characters = sum(characters.values())
    left_out = words.numbers(FUNCTION_WORDS)
    found: dict[str, _Candidate] = {}

    def wanted(word: int) -> bool:
        return is_basic(words.vocabulary[word][0]) and word not in left_out

    for size in learn(runs, _MOST_PARTS, least, wanted, counts, deadline):
        for number, n in enumerate(size.counts):
            gram = size.gram(number) if number else ()
            text = "".join(map(words.vocabulary.__getitem__, gram))
            if not 1 < len(text) <= _LONGEST or _is_phrase(text, gram) or known(text):
                continue
            if size.words == 1:
                cohesion = _cohesion(n, _guessed(text, n, characters, words, counts), all_characters)
            else:
                cohesion = _cohesion(n, size.cuts(number), total)
            if cohesion >= _COHESION:
                found.setdefault(text, _Candidate(text)).add(gram, n, cohesion)
    return list(found.values())


def _cohesion(both: int, cuts: Iterable[tuple[int, int]], size: int) -> float:
    return min(information(both, before, after, size) for before, after in cuts)


def _guessed(
    text: str, n: int, characters: Mapping[str, int], words: Words, counts: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    """Character counts of the parts of a guessed word: inside it, and as words of their own."""

    def alone(part: str) -> int:
        return characters[part] if len(part) == 1 else n + counts.get(words.number(part), 0)

    return ((alone(text[:at]), alone(text[at:])) for at in range(1, len(text)))


def _characters(words: Words, counts: Mapping[int, int]) -> Mapping[str, int]:
    """The occurrences of each character."""
    characters: defaultdict[str, int] = defaultdict(int)
    for number, n in counts.items():
        for character in words.vocabulary[number]:
            characters[character] += n
    return characters


def _is_phrase(text: str, gram: Gram) -> bool:
    repeats = len(gram) > 1 and len(set(gram)) == 1
    return repeats or _PHRASE.fullmatch(text) is not None


def _look_around(words: Words, part: Part, candidates: Iterable[_Candidate], deadline: Deadline) -> None:
    """Counts the neighbours of the candidates; the ends of a run count as distinct words."""
    by_cut = {cut: candidate for candidate in candidates for cut in candidate.cuts}
    for here in look_up(words, part, by_cut, deadline, sentences=True):
        run = here.run + _END  # also read at index -1, before the first word
        for gram, at in here.grams:
            candidate = by_cut[gram]
            candidate.left[run[at - 1]] += 1
            candidate.right[run[at + len(gram)]] += 1
            candidate.episodes.add(here.episode)
            if candidate.first is None:
                candidate.first = here.episode, here.word(at), len(gram)
