"""New words: what a corpus has as a word, and the dictionary that cut it does not know.

A word holds together inside and is free outside: its parts meet far more often than by chance (the least pointwise
mutual information over all cuts in two), and what stands before and after it varies (the lesser of the two branching
entropies): Sornlertlamvanich, Potipiti and Charoenporn, Automatic corpus-based Thai word extraction (2000); Jin and
Tanaka-Ishii, Unsupervised segmentation of Chinese text by use of branching entropy (2006). Parts are the words of the
cut here: a new word is one that the segmenter only guessed, or several that it took apart.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from indexer.sounds import NEW_WORD
from indexer.stream import is_basic
from search.explore.function_words import FUNCTION_WORDS
from search.explore.grams import Gram, Size, learn, pairs
from search.explore.listing import Listing
from search.explore.measures import entropy, information
from search.explore.part import Part
from search.explore.spread import place, spread
from search.explore.words import Runs, Words

LONGEST = 4
"""Words of the cut."""
LONGEST_WORD = 8
"""Characters."""


@dataclass(frozen=True, slots=True)
class NewWord:
    term: str
    count: int
    episodes: int
    cohesion: float
    left_entropy: float
    right_entropy: float
    score: float
    episode: str
    start: float
    line: str


@dataclass(slots=True)
class _Candidate:
    """A text that may be a word, however it is cut: its occurrences, its cohesion, and what stands around it."""

    count: int = 0
    cohesion: float = -math.inf
    cuts: list[tuple[Size, int]] = field(default_factory=list)
    left: Counter[int] = field(default_factory=Counter)
    right: Counter[int] = field(default_factory=Counter)


def candidates(words: Words, runs: Runs, least: int, known: Callable[[str], bool]) -> dict[str, _Candidate]:
    total = sum(map(len, runs))
    left_out = words.numbers(FUNCTION_WORDS)
    han = [False, *(all(map(is_basic, word)) for word in words.vocabulary[1:])]
    found: defaultdict[str, _Candidate] = defaultdict(_Candidate)
    global SZ
    SZ=[]
    chars=None
    for size in learn(runs, LONGEST, least, lambda word: han[word] and word not in left_out):
        SZ.append(size)
        if chars is None:
            wc={words.vocabulary[size.gram(n)[0]]:size.counts[n] for n in range(1,len(size.counts))}
            chars=Counter()
            for run in runs:
                pass
            for w,n in wc.items():
                for c in w: chars[c]+=n
            ctot=sum(chars.values())
        for number in range(1, len(size.counts)):
            gram=size.gram(number)
            text = "".join(map(words.vocabulary.__getitem__, gram))
            if not 1 < len(text) <= LONGEST_WORD or known(text): continue
            n=size.counts[number]
            c = found[text]
            c.count += n
            if size.words==1:
                def cnt(p): return chars[p] if len(p)==1 else wc.get(p,0)+n
                co=min(information(n,cnt(text[:k]),cnt(text[k:]),ctot) for k in range(1,len(text)))
            else:
                co=min(information(n,*sub(size,number,k),total) for k in range(1,size.words))
            c.cohesion = max(c.cohesion, co)
            c.cuts.append((size, number))
    return found

def sub(size, number, k):
    """counts of the first k words and of the rest"""
    s,a=size,number
    for _ in range(size.words-k): a=s.halves(a)[0]; s=s.before
    t,b=size,number
    for _ in range(k): b=t.halves(b)[1]; t=t.before
    return s.counts[a], t.counts[b]

def neighbours(found, runs):
    by=defaultdict(dict)
    for c in found.values():
        for size,number in c.cuts: by[size.words][number]=c
    level=runs
    for size in SZ:
        level=size.runs(level)
        mine=by[size.words]
        for run,raw in zip(level,runs):
            for at,g in enumerate(run):
                if g in mine:
                    c=mine[g]
                    c.left[raw[at-1] if at else 0]+=1
                    e=at+size.words
                    c.right[raw[e] if e<len(raw) else 0]+=1
