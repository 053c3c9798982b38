"""Prepares transcripts in parallel; yields the results in order, with bounded memory."""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from indexer.analyze import Job, JobResult, Jobs, Tools, prepare
from indexer.core.configuration.paths import default_cache
from indexer.core.errors import IndexProblem
from indexer.core.messages import _, language, use_language
from indexer.core.processes.interrupts import leave_to_parent
from indexer.core.processes.parent_process import end_with_parent
from indexer.core.text.folding import Folding
from indexer.core.words.pronunciation import Readings
from indexer.segmentation.segmenter import Segmenter
from indexer.store.manifest import Manifest

FEW_FILES = 4
"""Fewer files than this are prepared in the calling process, since starting workers would take longer."""

MOST_WORKERS = 61
"""Windows cannot wait for more processes at once."""

_AHEAD = 4
"""Jobs submitted ahead per worker: enough to keep the writer busy, few enough to bound memory."""


class WorkerDied(IndexProblem):
    """A worker process ended before it finished its job."""


def prepare_all(todo: Jobs, manifest: Manifest, readings: Readings, jobs: int | None = None) -> Generator[JobResult]:
    """Yields the results in the order of `todo`. `jobs` is the number of processes, None for one per core. Raises
    WorkerDied, possibly after some results."""
    workers = min(jobs or available_cores(), len(todo), MOST_WORKERS)
    if not todo:
        return
    if workers <= 1 or len(todo) < FEW_FILES:
        yield from _here(todo, make_tools(manifest, readings))
    else:
        yield from _in_processes(todo, (manifest, readings), workers)


def available_cores() -> int:
    """Returns the number of cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _here(todo: Jobs, tools: Tools) -> Iterator[JobResult]:
    return (prepare(job, tools) for job in todo)


def _in_processes(todo: Jobs, made_with: tuple[Manifest, Readings], workers: int) -> Iterator[JobResult]:
    executor = ProcessPoolExecutor(workers, initializer=_start_worker, initargs=(*made_with, language()))
    waiting: deque[Future[JobResult]] = deque()
    try:
        for job in todo:
            waiting.append(executor.submit(_work, job))
            if len(waiting) > workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise WorkerDied(
            _("a worker process died, perhaps for want of memory: run the same command with --jobs 1")
        ) from None
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


_worker_tools: Tools | None = None
"""Set once in each worker process; None in all others."""


def _start_worker(manifest: Manifest, readings: Readings, spoken: str) -> None:
    leave_to_parent()
    end_with_parent()
    use_language(spoken)
    # Preparing creates no reference cycles, and the collector would traverse all cues of a transcript repeatedly.
    gc.freeze()
    gc.disable()
    global _worker_tools
    _worker_tools = make_tools(manifest, readings)


def _work(job: Job) -> JobResult:
    assert _worker_tools is not None
    return prepare(job, _worker_tools)


def make_tools(manifest: Manifest, readings: Readings) -> Tools:
    """Returns the tools for an index with this manifest and these readings."""
    return Tools(Folding(manifest.folding), readings, Segmenter(manifest.lexicon, default_cache()))
