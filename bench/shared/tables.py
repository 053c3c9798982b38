"""Prints the figures of the speed bench: plain tables for a terminal, the same as Markdown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from peers import KINDS, fairness, load

from shared.figures import GOALS, MEASURES, Figures, Latency, Size, growth

ROOT = Path(__file__).resolve().parents[2]
NONE = "-"
COMMITTED = ("success@1", "success@10", "mrr")

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    head: Row
    rows: tuple[Row, ...]

    def plain(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.head, *self.rows, strict=True)]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            for row in ((first.ljust(widths[0]), *others) for first, *others in (self.head, *self.rows))
        ]
        return "\n".join((self.title, "-" * len(lines[0]), *lines)) + "\n"

    def markdown(self) -> str:
        lines = [f"| {' | '.join(row)} |" for row in (self.head, *self.rows)]
        lines.insert(1, f"|---{'|---:' * (len(self.head) - 1)}|")
        return f"### {self.title}\n\n" + "\n".join(lines) + "\n"


def tables(sizes: Sequence[Size], names: Sequence[str]) -> Iterator[Table]:
    """All tables: what each size took, podseek beside each peer, and the summary."""
    for size in sizes:
        yield from of_size(size, names)
    yield from summary(sizes, names)


def summary(sizes: Sequence[Size], names: Sequence[str], whole: bool = True) -> Iterator[Table]:
    """Growth, goals, and the committed relevance; of some parts no relevance, and only goals with figures."""
    if len(sizes) > 1:
        yield growth_table(sizes, names)
    goals = goal_table(sizes)
    measured = tuple(row for row in goals.rows if row[2] != NONE)
    if whole or measured:
        yield goals if whole else replace(goals, rows=measured)
    if whole:
        yield relevance_table()


def of_size(size: Size, names: Sequence[str]) -> Iterator[Table]:
    where = f"{size.cues:,} cues"
    names = [name for name in names if name in size.peers]
    titles = tuple(load(name).title for name in names)
    figures = [size.peers[name] for name in names]
    rows = [(measure, *(number(value(one)) for one in figures)) for measure, value in MEASURES.items()]
    head = f"{where}, {size.text_bytes / 1e6:.1f} MB of text in {size.files:,} files"
    yield Table(f"{head}; an empty process takes {size.empty_ms:.1f} ms", ("", *titles), filled(rows))
    yield warm_table(f"{where}: warm queries, median ms", titles, figures, lambda one: number(one.median))
    yield warm_table(f"{where}: warm queries, p95 ms", titles, figures, lambda one: number(one.p95))
    spread = f"{where}: warm queries, the middle half, ms"
    yield warm_table(spread, titles, figures, lambda one: f"{number(one.lower)} to {number(one.upper)}")
    yield warm_table(
        f"{where}: queries that found anything", titles, figures, lambda one: f"{one.found} of {one.asked}"
    )
    if "podseek" in names and len(names) > 1:
        yield ratio_table(where, size.peers["podseek"], [(name, size.peers[name]) for name in names])


def warm_table(title: str, titles: Row, figures: Sequence[Figures], cell: Callable[[Latency], str]) -> Table:
    asked = [(name, one) for name, one in zip(titles, figures, strict=True) if one.warm]
    rows = [(kind, *(cell(one.warm[kind]) if kind in one.warm else NONE for _, one in asked)) for kind in KINDS]
    return Table(title, ("", *(name for name, _ in asked)), filled(rows))


def ratio_table(where: str, ours: Figures, peers: Iterable[tuple[str, Figures]]) -> Table:
    """Below 1 podseek takes less."""
    others = [(load(name).title, figures) for name, figures in peers if name != "podseek"]
    rows = [
        (measure, *(divided(value(ours), value(figures)) for _, figures in others))
        for measure, value in MEASURES.items()
    ]
    for kind, latency in ours.warm.items():
        medians = (figures.warm[kind].median if kind in figures.warm else None for _, figures in others)
        rows.append((f"warm {kind}", *(divided(latency.median, median) for median in medians)))
    return Table(f"{where}: podseek / peer", ("", *(title for title, _ in others)), filled(rows))


def growth_table(sizes: Sequence[Size], names: Sequence[str]) -> Table:
    slopes = {name: growth(sizes, name) for name in names}
    known = [name for name in names if slopes[name]]
    measures = list(dict.fromkeys(measure for name in known for measure in slopes[name]))
    rows = [
        (measure if measure != "size / text" else "size", *(number(slopes[name].get(measure)) for name in known))
        for measure in measures
    ]
    title = f"Growth from {sizes[0].cues:,} to {sizes[-1].cues:,} cues, exponent (1: in proportion, 0: none)"
    return Table(title, ("", *(load(name).title for name in known)), filled(rows))


def goal_table(sizes: Sequence[Size]) -> Table:
    rows = []
    for goal in GOALS:
        value = goal.value(sizes)
        verdict = NONE if value is None else "met" if value <= goal.limit else "missed"
        rows.append((goal.text, f"<= {goal.limit:g}", number(value), verdict))
    return Table(f"Goals, at {sizes[-1].cues:,} cues", ("", "goal", "measured", ""), tuple(rows))


def relevance_table() -> Table:
    """Returns the committed relevance figures, so that speed gained at the cost of ranking shows."""
    rows: list[Row] = []
    for kind, found in json.loads((ROOT / "tests" / "relevance.json").read_text("utf-8")).items():
        if "found nothing" in found:
            share = found["found nothing"] / found["queries"]
            rows.append((f"judged: {kind} there, and nothing found", f"{share:.3f}", NONE, NONE))
        else:
            rows.append((f"judged: {kind}", *(f"{found[key]:.3f}" for key in COMMITTED)))
    for noise, kinds in json.loads((ROOT / "bench" / "relevance.json").read_text("utf-8")).items():
        for kind, modes in kinds.items() if noise.endswith("%") else ():
            values = (f"{modes['tolerant'][key]:.3f}" for key in COMMITTED)
            rows.append((f"{kind}, {noise} of characters misheard", *values))
    title = "Committed relevance (tests/relevance.json, bench/relevance.json)"
    return Table(title, ("", "success@1", "success@10", "MRR"), tuple(rows))


def filled(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The table without the rows that have no figure."""
    return tuple(row for row in rows if any(cell != NONE for cell in row[1:]))


def divided(one: float | None, other: float | None) -> str:
    return number(one / other) if one is not None and other else NONE


def number(value: float | None) -> str:
    """Three figures are worth reading."""
    if value is None:
        return NONE
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def page(sizes: Sequence[Size], names: Sequence[str], machine: Mapping[str, str]) -> str:
    """bench/SPEED.md."""
    about = "\n".join(f"- {key}: {value}" for key, value in machine.items())
    found = "\n".join(table.markdown() for table in tables(sizes, names))
    notes = "\n\n".join(dict.fromkeys(fairness(name).strip() for name in names))
    return (
        "# Speed\n\nWritten by `python bench/speed.py ... --write`; do not edit. The first lines of\n"
        f"`bench/speed.py` say how it is measured.\n\n{about}\n\n{found}\n## What is fair and what is not\n\n{notes}\n"
    )
