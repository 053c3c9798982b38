"""The figures of the speed bench as they are kept: bench/speed.json, of which bench/SPEED.md is made.

The parts of a run (`PARTS`) replace those parts of what is kept of the same text; the rest stays, and is as old as it
is. Of each part that was measured by itself the page says when, and with which load.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from peers import MODULES

from shared.figures import Figures, Latency, Size, plain
from shared.tables import page

BENCH = Path(__file__).resolve().parent.parent
KEPT, PAGE = BENCH / "speed.json", BENCH / "SPEED.md"

PARTS = {
    "index": ("index_seconds", "index_cpu", "index_tree_mb", "index_largest_mb", "size_ratio"),
    "cold": ("cold_ms", "cold_ratios", "cold_mb"),
    "warm": ("warm",),
    "add": ("add_seconds", "add_cpu", "read_median", "read_longest"),
}
"""The fields of `Figures` that each part measures."""

About = Mapping[str, str]


def recorded(sizes: Sequence[Size], parts: Collection[str], about: About) -> tuple[list[Size], About]:
    """The sizes and the machine as they are to be kept: what was measured, and what is kept of the other parts."""
    if set(parts) == set(PARTS):
        return list(sizes), about
    kept, machine = read()
    known = {size.cues: size for size in kept}
    for size in sizes:
        before = known.get(size.cues)
        same = before is not None and (before.files, before.text_bytes) == (size.files, size.text_bytes)
        known[size.cues] = joined(before, size, parts) if before is not None and same else size
        machine = {**machine, **{f"{size.cues:,} cues, {part}": how(about, machine) for part in parts}}
    return [known[cues] for cues in sorted(known)], {**about, **machine}


def joined(before: Size, size: Size, parts: Collection[str]) -> Size:
    """What was measured of some parts, in place of what was known of them: nothing of a peer that was not there, since
    figures of different runs cannot be compared."""
    measured = [field for part in parts for field in PARTS[part]]
    peers: dict[str, Figures] = {}
    for name in MODULES:
        if name in before.peers or name in size.peers:
            kept, found = (one.peers.get(name, Figures()) for one in (before, size))
            peers[name] = replace(kept, **{field: getattr(found, field) for field in measured})
    return replace(before, peers=peers, empty_ms=size.empty_ms or before.empty_ms)


def how(about: About, machine: About) -> str:
    """When and under which load a part is measured, and on what else than the rest."""
    load = about.get("processor", "").rpartition(", ")[2]
    policy = getattr(os, "sched_getscheduler", None)
    first = ", before all other processes (real-time priority)" if policy and policy(0) == os.SCHED_FIFO else ""
    others = [
        f", {key} {value}"
        for key, value in about.items()
        if key not in ("processor", "text") and machine.get(key, value) != value
    ]
    return f"{date.today().isoformat()}, {load}{first}{''.join(others)}"


def read() -> tuple[list[Size], dict[str, str]]:
    """What is kept."""
    if not KEPT.exists():
        return [], {}
    kept = json.loads(KEPT.read_text("utf-8"))
    return [size_of(size) for size in kept["sizes"]], kept["machine"]


def size_of(size: Mapping[str, Any]) -> Size:
    return Size(**{**size, "peers": {name: figures_of(one) for name, one in size["peers"].items()}})


def figures_of(kept: Mapping[str, Any]) -> Figures:
    known = {field.name for field in fields(Figures)}
    warm = {kind: Latency(**one) for kind, one in kept.get("warm", {}).items()}
    return Figures(**{**{name: value for name, value in kept.items() if name in known}, "warm": warm})


def write(sizes: Sequence[Size], about: About) -> None:
    figures = {"machine": dict(about), "sizes": plain(sizes)}
    KEPT.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
    names = [name for name in MODULES if any(name in size.peers for size in sizes)]
    PAGE.write_text(page(sizes, names, about), "utf-8")
