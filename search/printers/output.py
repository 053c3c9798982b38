"""The lines each output format is made of, as streams: printing them is the caller's business."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from indexer.values import Episode
from search.printers import records, text
from search.printers.display import Style, clean
from search.results import CueLine, EpisodeCount, Moment
from search.terms import written

if TYPE_CHECKING:
    from search.query.plan import Plan
    from search.query.tree import Node
    from search.suspects import Suspect
    from search.variants import Variant


def moments(found: Iterable[Moment], form: str, style: Style, explain: bool = False) -> Iterator[str]:
    """The moments as text, jsonl, tsv or plain; with `explain` people see the parts of each score."""
    for number, moment in enumerate(found):
        if form == "jsonl":
            yield records.to_json(records.moment_record(moment))
        elif form == "tsv":
            if number == 0:
                yield "\t".join(records.TSV_COLUMNS)
            yield records.moment_tsv(moment)
        elif form == "plain":
            yield records.moment_plain(moment)
        else:
            if number:
                yield ""
            yield from text.moment_lines(moment, style)
            if explain:
                yield text.explanation(moment)


def counts(found: Iterable[EpisodeCount], form: str, style: Style, numbers: bool) -> Iterator[str]:
    """Episodes with their counts, or without `numbers` only their ids."""
    if form == "jsonl":
        yield from (records.to_json(records.count_record(count)) for count in found)
    elif not numbers:
        yield from (clean(count.episode.id) for count in found)
    elif form == "text":
        yield from text.count_lines(found, style)
    else:
        if form == "tsv":
            yield "moments\tmatches\tepisode"
        yield from (records.to_tsv(count.moments, count.matches, count.episode.id) for count in found)


def cues(episode: Episode, lines: Sequence[CueLine], form: str, style: Style) -> Iterator[str]:
    """A stretch of an episode as text, jsonl or plain."""
    if form == "jsonl":
        yield from (records.to_json(records.cue_record(cue)) for cue in lines)
    elif form == "plain":
        yield from (clean(cue.text) for cue in lines)
    else:
        yield from text.episode_heading(episode, style)
        yield from text.cue_lines(lines, style)


def episodes(found: Sequence[Episode], form: str, style: Style) -> Iterator[str]:
    """Episodes as text, jsonl or tsv."""
    if form == "text":
        yield from text.episode_lines(found, style)
        return
    for number, episode in enumerate(found):
        record = records.episode_record(episode)
        if form == "jsonl":
            yield records.to_json(record)
            continue
        if number == 0:
            yield "\t".join(record)
        yield records.to_tsv(*record.values())


def plan(tree: Node, made: Plan) -> Iterator[str]:
    """How a query was understood: its tree, each term with its weight and counts, and what may stand for it."""
    yield f"query  {tree}"
    for number, term in enumerate(made.terms):
        if not term.is_exact:
            continue
        share = "excluded" if number in made.excluded else f"weight {term.weight:.3f}"
        yield f"term   {term.label}  {share}, {term.count:,} times in {len(term.counts):,} episodes"
        for other in made.stand_ins.get(number, ()):
            stand_in = made.terms[other]
            backed = ", beside another term" if stand_in.backed else ""
            for form in stand_in.alternatives:
                what = f"{form.how} {written(form.atoms)}"
                yield f"  or   {what}  weight {stand_in.weight:.3f}, {form.source.count:,} times{backed}"


_MOST_INSTEAD = 5


def instead(made: Plan) -> Iterator[str]:
    """One line for each term that is nowhere exactly: what was looked for instead."""
    for number, term in enumerate(made.terms):
        if number not in made.stand_ins or term.count:
            continue
        forms = [form for other in made.stand_ins[number] for form in made.terms[other].alternatives]
        listed = "、".join(
            f"{text.HOW[form.how]} {written(form.atoms)} ({form.source.count})" for form in forms[:_MOST_INSTEAD]
        )
        more = f" and {len(forms) - _MOST_INSTEAD} more" if len(forms) > _MOST_INSTEAD else ""
        yield clean(f"{term.label} is nowhere exactly; looked for {listed}{more}")


def variants(found: Sequence[Variant], form: str, style: Style) -> Iterator[str]:
    """The variants of a term as text, jsonl or tsv."""
    return _rows([records.variant_record(variant) for variant in found], form) or text.variant_lines(found, style)


def suspects(found: Sequence[Suspect], form: str, style: Style) -> Iterator[str]:
    """Likely mishearings as text, jsonl or tsv."""
    return _rows([records.suspect_record(suspect) for suspect in found], form) or text.suspect_lines(found, style)


def _rows(rows: Sequence[dict[str, Any]], form: str) -> Iterator[str] | None:
    """Records as jsonl or tsv; None for text, which each kind prints in its own way."""
    if form == "jsonl":
        return map(records.to_json, rows)
    if form == "tsv":
        header = ["\t".join(rows[0])] if rows else []
        return iter([*header, *(records.to_tsv(*row.values()) for row in rows)])
    return None
