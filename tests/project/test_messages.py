"""Every message has a translation, and every text that people read is a message.

`make messages` (`python tests/project/test_messages.py --write`) brings the catalogue up to date with the source.
"""

from __future__ import annotations

import difflib
import re
import string
import sys
from dataclasses import replace

import pytest
from support.library import ROOT
from support.source.messages import CATALOGUE, Marked, marked, misused, of_click, problems_defined, sources, unmarked

from indexer.core.po_file import PoEntry, parse, written
from search.frontends.web.rendering.wording import WORDING

ALIKE = 0.75
"""Above this share of common characters, `--write` offers the translation of a text that is gone for a new one."""


@pytest.fixture(scope="module")
def catalogue() -> dict[str, PoEntry]:
    return {entry.text: entry for entry in parse(CATALOGUE.read_text("utf-8"))}


def fields(text: str) -> set[str]:
    """The names of the placeholders of a text."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:  # braces that are no placeholders
        return set()


def test_every_message_has_a_translation(catalogue: dict[str, PoEntry]) -> None:
    wanted = [*marked(sources()), *of_click()]
    missing = [one for one in wanted if one.text not in catalogue or not catalogue[one.text].translation]
    assert [f"{one.place}: {one.text}" for one in missing] == [], "run make messages, and translate them"
    assert [one.text for one in wanted if catalogue[one.text].plural != one.plural and one.plural] == []


def test_no_translation_is_a_guess_or_of_a_message_that_is_gone(catalogue: dict[str, PoEntry]) -> None:
    wanted = {one.text for one in (*marked(sources()), *of_click())}
    assert [text for text, entry in catalogue.items() if entry.fuzzy] == []
    # Those of click are of the version installed.
    gone = [text for text in catalogue if text and text not in wanted and not _of_click(catalogue[text])]
    assert gone == [], "run make messages"


def test_translated_examples_are_as_many(catalogue: dict[str, PoEntry]) -> None:
    examples = [one for one in catalogue.values() if one.text.startswith(("\b\nExample:", "\b\nExamples:"))]
    assert len(examples) > 20
    assert [one.text for one in examples if one.text.count("\n") != one.translation.count("\n")] == []


def test_a_translation_has_the_placeholders_of_its_message(catalogue: dict[str, PoEntry]) -> None:
    def differs(entry: PoEntry) -> bool:
        wanted = (
            (fields(entry.plural), fields(entry.plural) | fields(entry.text)) if entry.plural else (fields(entry.text),)
        )
        return bool(entry.translation) and fields(entry.translation) not in wanted

    assert [entry.text for entry in catalogue.values() if entry.text and differs(entry)] == []


def test_every_text_that_people_read_is_marked() -> None:
    assert unmarked(sources(), problems_defined(sources())) == []


def test_marks_have_literals_and_are_not_hidden() -> None:
    assert misused(sources()) == []


def test_the_catalogue_is_as_it_would_be_written() -> None:
    text = CATALOGUE.read_text("utf-8")
    assert written(parse(text)) == text


OTHER_TERMS = re.compile(r"文字稿|识别器|识别程序|剧集|[一每各本整这某几\d}] ?集(?!群|合)|按播客|限定播客")
"""Words for what has another term in the table of CONTRIBUTING.md."""


def test_a_concept_has_one_term(catalogue: dict[str, PoEntry]) -> None:
    texts = {f"the catalogue: {entry.text}": entry.translation for entry in catalogue.values() if entry.text}
    texts |= {f"wording.py: {key}": chinese for key, (_, chinese) in WORDING.items()}
    documents = (*(ROOT / "docs").glob("*.zh-CN.md"), ROOT / "README.zh-CN.md")
    texts |= {path.name: path.read_text("utf-8") for path in documents}
    assert {place: found.group() for place, text in texts.items() if (found := OTHER_TERMS.search(text))} == {}
    assert [key for key, (_, chinese) in WORDING.items() if chinese == "播客"] == []


def _of_click(entry: PoEntry) -> bool:
    return all(place.startswith("click/") for place in entry.places)


def renewed(known: list[PoEntry], wanted: list[Marked]) -> list[PoEntry]:
    """The entries for the wanted texts in order, with the translations there are. A new text that is much like one that
    is gone gets its translation, marked fuzzy."""
    places: dict[str, dict[str, None]] = {}
    plurals: dict[str, str] = {}
    for one in wanted:
        places.setdefault(one.text, {})[one.place] = None
        plurals[one.text] = plurals.get(one.text) or one.plural
    before = {entry.text: entry for entry in known}
    gone = {text: entry for text, entry in before.items() if text and text not in places and entry.translation}
    entries = [before[""]]
    for text, files in places.items():
        entry = before.get(text)
        if entry is None:
            near = difflib.get_close_matches(text, gone, 1, ALIKE)
            entry = PoEntry(text, translation=gone[near[0]].translation, fuzzy=True) if near else PoEntry(text)
        entries.append(replace(entry, plural=plurals[text], places=tuple(files)))
    return entries


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    old = parse(CATALOGUE.read_text("utf-8"))
    new = renewed(old, [*marked(sources()), *of_click()])
    CATALOGUE.write_text(written(new), "utf-8")
    for text in {entry.text for entry in old} - {entry.text for entry in new}:
        print(f"gone: {text}")
    for entry in new:
        if not entry.translation or entry.fuzzy:
            print(f"to translate: {entry.text}")
