"""Segments characters not covered by dictionary words, with jieba's hidden Markov model.

Each character begins a word (B), is inside one (M), ends one (E), or is one (S); the Viterbi algorithm (A. J. Viterbi,
1967) finds the most probable states. The sums are evaluated in jieba's order and ties prefer the state later in the
alphabet, so that the result equals jieba's to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import add

from indexer.core.words.dictionary import STATES, Emissions, HiddenMarkovModel

_PLACE = {state: place for place, state in enumerate(STATES)}


def cut_new(run: str, emissions: Sequence[Emissions], model: HiddenMarkovModel) -> list[str]:
    """The words of a run; `emissions` has one entry per character."""
    words, begin = [], 0
    for at, state in enumerate(best_states(emissions, model), 1):
        if state in "ES":
            words.append(run[begin:at])
            begin = at
    return words


def best_states(emissions: Sequence[Emissions], model: HiddenMarkovModel) -> list[str]:
    """The most probable state of each character. `emissions` must not be empty.

    Only eight transitions are possible: after B and M a word continues or ends; after E and S another begins.
    """
    (b_e, b_m), (m_e, m_m), (e_b, e_s), (s_b, s_s) = model.steps
    # In the order of STATES.
    b, e, m, s = map(add, model.start, emissions[0])
    origins = []
    for to_b, to_e, to_m, to_s in emissions[1:]:
        e_to_b, s_to_b = e + e_b + to_b, s + s_b + to_b
        b_to_e, m_to_e = b + b_e + to_e, m + m_e + to_e
        b_to_m, m_to_m = b + b_m + to_m, m + m_m + to_m
        e_to_s, s_to_s = e + e_s + to_s, s + s_s + to_s
        b, before_b = (s_to_b, "S") if s_to_b >= e_to_b else (e_to_b, "E")
        e, before_e = (m_to_e, "M") if m_to_e >= b_to_e else (b_to_e, "B")
        m, before_m = (m_to_m, "M") if m_to_m >= b_to_m else (b_to_m, "B")
        s, before_s = (s_to_s, "S") if s_to_s >= e_to_s else (e_to_s, "E")
        origins.append((before_b, before_e, before_m, before_s))
    states = ["S" if s >= e else "E"]
    for origin in reversed(origins):
        states.append(origin[_PLACE[states[-1]]])
    return states[::-1]
