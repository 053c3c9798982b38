"""Relevance over the sample corpus, as it is and corrupted by homophones, with tolerance and without.

    python bench/relevance.py [--write]

Judged queries (corpus/judgements.tsv) and keywords drawn from what was really said (three of the ten rarest
words within 18 s) are searched in the corpus with 0, 5, 10, 20 and 30 % of its characters replaced. A result
is right when it starts within 20 s before and 10 s after the judged place. --write puts the figures into
bench/relevance.json, which changes visibly when ranking changes.

False alarms: 300 common words, alone; a hit that is not exact is false when the script does not have the
word there. CPU is the median of one query in process, in milliseconds, on the machine that wrote it.

Fair: the same index, queries and judgement for both. Unfair: the corpus is ours, its errors were put in by
hand after a measured mix, and the corruption knows nothing of how speakers or recognisers err by context.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "project"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import ir_measures
from ir_measures import RR, Success, nDCG
from make_sample import time_lines
from shared.noise import Noise
from shared.sample_scripts import read_scripts
from test_relevance import EARLY, LATE, judgements
from transcribed_twice import Query, Source, keywords

import indexer
import search
from indexer.core.positions.timeline import lay_out
from indexer.core.text.folding import Folding, opencc_table
from indexer.core.types import Cue
from indexer.metadata.fact_finder import FactFinder
from indexer.segmentation.pinyin import pypinyin_readings
from indexer.segmentation.segmenter import Segmenter
from indexer.segmentation.words import place_words

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parent / "corpus"
FIGURES = HERE / "relevance.json"
SHARES = (0, 5, 10, 20, 30)
KEYWORDS, COMMON_WORDS = 200, 300
MEASURES = {"success@1": Success @ 1, "success@10": Success @ 10, "mrr": RR @ 10, "ndcg@10": nDCG @ 10}


@dataclass(frozen=True, slots=True)
class Run:
    """The results of some queries: one ranked list each, the CPU seconds each took, and the errors of right starts."""

    ranked: dict[str, list[str]]
    seconds: list[float]
    start_errors: list[float]


def parsed(words: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the figures into bench/relevance.json")
    return parser.parse_args(words)


def main() -> None:
    arguments = parsed()
    sources = dict(read_sources())
    kinds = {"judged": list(judged()), "keywords": list(keywords(sources, KEYWORDS))}
    noise = Noise(pypinyin_readings(opencc_table()), (path.read_text("utf-8") for path in CORPUS.glob("*.srt")))
    figures: dict[str, Any] = {}
    for share in SHARES:
        with (
            tempfile.TemporaryDirectory(prefix="podseek-bench-") as place,
            search.open_library(indexed(Path(place), noise, share)) as library,
        ):
            figures[f"{share} %"] = {kind: both(library, queries) for kind, queries in kinds.items()}
            if not share:
                figures["common words"] = false_alarms(library, sources)
        print(share, json.dumps(figures[f"{share} %"], indent=1))
    print(json.dumps(figures["common words"], indent=1))
    if arguments.write:
        FIGURES.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", "utf-8")


def read_sources() -> Iterator[tuple[str, Source]]:
    """What was really said in each episode, with the times of the published transcript."""
    folding, segmenter, finder = Folding(opencc_table()), Segmenter(), FactFinder()
    for script in read_scripts():
        facts = finder.facts(CORPUS / f"{script.stem}.srt")[0]
        assert facts is not None
        cues = [
            Cue(start / 1000 + facts.offset, end / 1000 + facts.offset, line.right)
            for line, (start, end) in zip(script.lines, time_lines(script), strict=True)
        ]
        timeline = lay_out(cues, folding)
        yield script.stem, Source(timeline, place_words(timeline, segmenter).positions())


def judged() -> Iterator[Query]:
    for judgement in judgements():
        if judgement["kind"] != "nothing":
            yield Query(judgement["query"], judgement["episode"], float(judgement["start"]))


def indexed(place: Path, noise: Noise, share: int) -> Path:
    """An index of the corpus with `share` in 100 of its characters replaced."""
    chance = random.Random(share)
    corpus = place / "corpus"
    corpus.mkdir()
    for path in sorted(CORPUS.iterdir()):
        if path.suffix == ".srt":
            text = noise.corrupt(path.read_text("utf-8"), share / 100, chance)
            (corpus / path.name).write_text(text, "utf-8")
        elif path.suffix == ".toml":
            shutil.copy(path, corpus)
    indexer.index_paths([corpus], place / "index")
    return place / "index"


def both(library: search.Library, queries: Sequence[Query]) -> dict[str, Any]:
    """The figures with tolerance and without, and the median CPU of a query of each."""
    for query in queries[:20]:  # warm
        library.search(query.text)
    tolerant, exact = run(library, queries, exact=False), run(library, queries, exact=True)
    return {
        "tolerant": measured(tolerant, len(queries)),
        "exact": measured(exact, len(queries)),
        "CPU ms": {
            "tolerant": round(1000 * statistics.median(tolerant.seconds), 1),
            "exact": round(1000 * statistics.median(exact.seconds), 1),
        },
    }


def run(library: search.Library, queries: Sequence[Query], exact: bool) -> Run:
    ranked, seconds, errors = {}, [], []
    for number, query in enumerate(queries):
        before = time.process_time()
        found = library.search(query.text, limit=10, exact=exact)
        seconds.append(time.process_time() - before)
        ranked[str(number)] = list(names(found, query))
        if ranked[str(number)][:1] == ["right"]:
            errors.append(abs(found[0].start - query.start))
    return Run(ranked, seconds, errors)


def names(found: Iterable[search.Moment], query: Query) -> Iterator[str]:
    """The names of the results: the first relevant one is `right`, all others get names without a judgement."""
    seen = False
    for moment in found:
        same = moment.episode.id.rpartition("/")[2] == query.stem
        right = same and not seen and -EARLY <= moment.start - query.start <= LATE
        seen = seen or right
        yield "right" if right else f"other {moment.rank}"


def measured(run: Run, queries: int) -> dict[str, float]:
    qrels = [ir_measures.Qrel(str(number), "right", 1) for number in range(queries)]
    docs = [
        ir_measures.ScoredDoc(number, name, -float(rank))
        for number, ranked in run.ranked.items()
        for rank, name in enumerate(ranked)
    ]
    values = ir_measures.calc_aggregate(MEASURES.values(), qrels, docs)
    figures = {name: round(values[measure], 3) for name, measure in MEASURES.items()}
    return {**figures, "median start error s": round(statistics.median(run.start_errors or [0.0]), 1)}


def false_alarms(library: search.Library, sources: dict[str, Source]) -> dict[str, Any]:
    """Of the first ten results for common words, the hits that are not exact and not what was said."""
    counts = {
        word: sum(len(source.words.get(word, ())) for source in sources.values())
        for word in {word for source in sources.values() for word in source.words if 2 <= len(word) <= 4}
    }
    common = sorted((word for word in counts if counts[word] > 2), key=lambda word: (-counts[word], word))
    words = random.Random(9).sample(common, min(COMMON_WORDS, len(common)))
    exact = right = false = 0
    for word in words:
        for moment in library.search(word, limit=10):
            source = sources[moment.episode.id.rpartition("/")[2]]
            said = [source.seconds(position) for position in source.timeline.stream.find(list(word))]
            for match in moment.matches:
                if match.how == "exact":
                    exact += 1
                elif any(match.start - 1 <= second <= match.end + 1 for second in said):
                    right += 1
                else:
                    false += 1
    return {
        "words": len(words),
        "exact hits": exact,
        "right hits by tolerance": right,
        "false hits": false,
        "false hits per exact hit": round(false / exact, 4),
    }


if __name__ == "__main__":
    main()
