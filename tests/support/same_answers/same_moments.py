"""Compares random searches of a cluster with those of a folder, and reports those whose answers differ. A command:

    PYTHONPATH=.:tests python tests/support/same_answers/same_moments.py --seconds 60 --seed 1

Libraries, how much is fetched at once, and questions are random (`trials.py`). The cluster is the stand-in of these
tests; its time may be over in any request, and its episodes may change between two. A folder that was filled in several
commits must answer like one that was filled at once. Each difference is printed with the trial that shows it alone
(`--trial SEED`), and the smallest trial that was found to show it, too.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.core.text.folding import Folding, opencc_table
from indexer.segmentation.pinyin import pypinyin_readings
from indexer.segmentation.segmenter import Segmenter
from support.library import Tools
from support.same_answers.asked_twice import Answer
from support.same_answers.odd_worlds import Talk, World
from support.same_answers.trials import WINDOWS, Difference, Trial, differences, make_trial

SHOWN = 1500
"""Characters of an answer that are printed."""


def first_difference(trial: Trial, tools: Tools) -> Difference | None:
    return next(differences(trial, tools), None)


def shrunk(trial: Trial, tools: Tools, seconds: float) -> tuple[Trial, Difference]:
    """The smallest trial that was found in so many seconds of those that still show a difference."""
    found = first_difference(trial, tools)
    assert found is not None
    until = time.monotonic() + seconds
    if (first := _shown_by(trial._replace(questions=(found.question,)), tools)) is not None:
        trial, found = trial._replace(questions=(found.question,)), first
    again = True
    while again:
        again = False
        for smaller in _smaller(trial):
            if time.monotonic() > until:
                break
            if (difference := _shown_by(smaller, tools)) is not None:
                trial, found, again = smaller, difference, True
                break
    return trial, found


def _shown_by(trial: Trial, tools: Tools) -> Difference | None:
    try:
        return first_difference(trial, tools)
    except Exception:  # of a library that cannot be made
        return None


def _smaller(trial: Trial) -> Iterator[Trial]:
    """Trials with less in them, those with much less first."""
    paths = sorted({talk.path for world in trial.states for talk in world.talks})
    for some in _halves(paths):
        states = tuple(_without(world, some) for world in trial.states)
        if all(world.talks for world in states):
            yield trial._replace(states=states)
    if len(trial.questions) > 1:
        for several in _halves(trial.questions):
            yield trial._replace(questions=tuple(one for one in trial.questions if one not in several))
    if trial.windows != WINDOWS[0]:
        yield trial._replace(windows=WINDOWS[0])
    for name in dict(trial.sizes):
        yield trial._replace(sizes=tuple(one for one in trial.sizes if one[0] != name))
    for number, world in enumerate(trial.states):
        for at, talk in enumerate(world.talks):
            for less in _shorter(talk):
                talks = (*world.talks[:at], less, *world.talks[at + 1 :])
                states = (*trial.states[:number], world._replace(talks=talks), *trial.states[number + 1 :])
                yield trial._replace(states=states)


def _shorter(talk: Talk) -> Iterator[Talk]:
    if talk.facts or talk.chapters:
        yield talk._replace(facts=(), chapters=())
    if len(talk.cues) > 1:
        for some in _halves(range(len(talk.cues))):
            left = tuple(cue for number, cue in enumerate(talk.cues) if number not in some)
            if left:
                yield talk._replace(cues=left)


def _without(world: World, paths: Sequence[str]) -> World:
    return world._replace(talks=tuple(talk for talk in world.talks if talk.path not in paths))


def _halves(items: Sequence) -> Iterator[Sequence]:  # type: ignore[type-arg]
    """Halves of some items, then quarters, down to single ones."""
    size = (len(items) + 1) // 2
    while size:
        yield from (items[at : at + size] for at in range(0, len(items), size))
        size = size // 2 if size > 1 else 0


def report(seed: int, trial: Trial, found: Difference) -> str:
    """What a trial showed, for people."""
    request = found.question.request
    options = {name: value for name, value in request._asdict().items() if value != request._field_defaults.get(name)}
    lines = [
        f"--trial {seed}: {found.question.kind} {json.dumps(options, ensure_ascii=False, default=str)}",
        f"  {trial.kind}, format {trial.format}, {dict(trial.sizes)}, {trial.kept:,} bytes are kept,"
        f" {trial.windows} windows",
    ]
    lines += [f"  before: {one.kind} {one.request.query!r} {one.request.limit}" for one in trial.questions[:-1]][:5]
    if trial.size <= 60:
        for number, world in enumerate(trial.states):
            lines.append(f"  library {number + 1} of {len(trial.states)} {world.words or ''} {world.synonyms or ''}")
            lines += [
                f"    {talk.path} {[(cue.start, cue.end, cue.speaker, cue.text) for cue in talk.cues]}"
                f" {dict(talk.facts) or ''} {talk.chapters or ''}"
                for talk in world.talks
            ]
    else:
        lines.append(f"  {trial.size:,} cues")
    expected, answered = _unlike(found.expected, found.found)
    lines += [f"  expected: {str(expected)[:SHOWN]}", f"  answered: {str(answered)[:SHOWN]}"]
    return "\n".join(lines)


def _unlike(expected: object, found: object) -> tuple[object, object]:
    """Two answers, or of two lists what follows what they have in common."""
    if not (isinstance(expected, Answer) and isinstance(found, Answer)):
        return expected, found
    one, other = expected.value, found.value
    if one == other:
        return expected.incomplete, found.incomplete
    if not (isinstance(one, list) and isinstance(other, list)):
        return expected, found
    same = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))
    return (f"{len(one)}, and as {same + 1}.", *one[same:]), (f"{len(other)}", *other[same:])


def loaded_tools(cache: Path) -> Tools:
    folding = Folding(opencc_table())
    readings = pypinyin_readings(folding.table, cache / "podseek")
    return Tools(folding, readings, Segmenter(cache=cache / "podseek"), cache)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--trial", type=int, help="only the trial of this seed")
    parser.add_argument("--shrink", type=float, default=30.0, help="seconds to look for a smaller trial")
    arguments = parser.parse_args()
    done: Counter[str] = Counter()
    wrong: list[tuple[int, int]] = []
    with TemporaryDirectory() as cache:
        tools = loaded_tools(Path(cache))
        until = time.monotonic() + arguments.seconds
        seed = arguments.seed * 1_000_000 if arguments.trial is None else arguments.trial
        while time.monotonic() < until:
            trial = make_trial(seed, tools)
            done[trial.kind] += 1
            done["questions"] += len(trial.questions)
            if first_difference(trial, tools) is not None:
                trial, found = shrunk(trial, tools, arguments.shrink)
                print(report(seed, trial, found).encode("utf-8", "backslashreplace").decode(), flush=True)
                wrong.append((trial.size, seed))
            if arguments.trial is not None:
                break
            seed += 1
    print(json.dumps({**done, "wrong": len(wrong)}))
    if wrong:
        print("smallest first:", *(f"--trial {seed}" for _, seed in sorted(wrong)))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
