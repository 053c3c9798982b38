"""The language of messages: which one is chosen, who has it, and what a catalogue becomes."""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest

from indexer.core import messages
from indexer.core.messages import (
    CHINESE,
    ENGLISH,
    _,
    language,
    named_language,
    ngettext,
    preferred_language,
    reworded,
    speaking,
)
from indexer.core.po_file import PoEntry, PoError, compiled, parse, written

KNOWN = "Permission denied"
"""A message that has a translation."""


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    messages.use_language(ENGLISH)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, ENGLISH),
        ({"LANG": "zh_CN.UTF-8"}, CHINESE),
        ({"LANG": "zh_TW.UTF-8"}, CHINESE),
        ({"LANG": "zh"}, CHINESE),
        ({"LANG": "zh_CN.GBK@stroke"}, CHINESE),
        ({"LANG": "de_DE.UTF-8"}, ENGLISH),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, CHINESE),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, ENGLISH),
        ({"LC_MESSAGES": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, ENGLISH),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, CHINESE),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, CHINESE),
        ({"LANGUAGE": "zh_CN:en", "LANG": "en_US.UTF-8"}, CHINESE),
        ({"LANGUAGE": "en:zh_CN", "LANG": "zh_CN.UTF-8"}, ENGLISH),
        ({"LANGUAGE": "fr:zh_CN", "LANG": "fr_FR.UTF-8"}, CHINESE),
        ({"LANGUAGE": "zh_CN", "LC_ALL": "C"}, ENGLISH),
        ({"LANGUAGE": "zh_CN", "LANG": "C.UTF-8"}, CHINESE),
        ({"LC_CTYPE": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, ENGLISH),
        ({"PODSEEK_LANG": "zh", "LC_ALL": "C"}, CHINESE),
        ({"PODSEEK_LANG": "en", "LANG": "zh_CN.UTF-8"}, ENGLISH),
        ({"PODSEEK_LANG": "zh-Hans-CN"}, CHINESE),
        ({"PODSEEK_LANG": "klingon", "LANG": "zh_CN.UTF-8"}, CHINESE),
        ({"PODSEEK_LANG": ""}, ENGLISH),
    ],
    ids=str,
)
def test_the_language_is_the_one_the_environment_names(environment: dict[str, str], expected: str) -> None:
    assert preferred_language(environment) == expected


def test_the_configuration_is_stronger_than_the_locale_and_weaker_than_its_variable() -> None:
    assert preferred_language({"LANG": "en_US.UTF-8"}, "zh") == CHINESE
    assert preferred_language({"LC_ALL": "C"}, "zh") == CHINESE
    assert preferred_language({"PODSEEK_LANG": "en"}, "zh") == ENGLISH
    assert preferred_language({"LANG": "zh_CN.UTF-8"}, "nonsense") == CHINESE


def test_a_language_that_there_is_not_is_none() -> None:
    assert [named_language(name) for name in ("fr", "", "zhuang", "zh", "EN_gb")] == [
        None,
        None,
        None,
        CHINESE,
        ENGLISH,
    ]


def test_a_message_is_in_the_language_of_the_process() -> None:
    assert (_(KNOWN), ngettext("one", "many", 1), ngettext("one", "many", 2)) == (KNOWN, "one", "many")
    messages.use_language(CHINESE)
    assert _(KNOWN) == "没有权限"
    assert _("no message of podseek") == "no message of podseek"
    assert ngettext("one", "many", 1) == "one"


def test_a_context_has_a_language_of_its_own() -> None:
    with speaking(CHINESE):
        assert (language(), _(KNOWN)) == (CHINESE, "没有权限")
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(language).result() == ENGLISH
            assert pool.submit(copy_context().run, language).result() == CHINESE
        with speaking(ENGLISH):
            assert _(KNOWN) == KNOWN
    assert language() == ENGLISH


def test_english_may_be_said_in_other_words() -> None:
    with reworded({KNOWN: "not yours", "{n} one": "a {n}", "{n} many": "some {n}"}):
        assert (_(KNOWN), _("another")) == ("not yours", "another")
        assert (ngettext("{n} one", "{n} many", 1), ngettext("{n} one", "{n} many", 2)) == ("a {n}", "some {n}")
        with speaking(CHINESE):
            assert _(KNOWN) not in (KNOWN, "not yours")
    assert _(KNOWN) == KNOWN


def test_other_words_are_translated_where_the_catalogue_has_them() -> None:
    with speaking(CHINESE), reworded({"no permission": KNOWN, KNOWN: "not yours"}):
        assert (_("no permission"), _(KNOWN)) == ("没有权限", "没有权限")


def test_a_thread_has_the_language_of_the_process() -> None:
    messages.use_language(CHINESE)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(_, KNOWN).result() == "没有权限"


ENTRIES = [
    PoEntry("", translation="Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=1; plural=0;\n"),
    PoEntry('say "{word}"\\\n\tindented', translation="说“{word}”", places=("a.py", "b/c.py"), comments=("of use",)),
    PoEntry("\b\nExamples:\n  podseek", translation="\b\n例：\n  podseek"),
    PoEntry("{n} row", "{n} rows", "{n} 行"),
    PoEntry("not yet"),
    PoEntry("a guess", translation="猜的", fuzzy=True),
]


def test_what_is_written_is_read_again() -> None:
    assert parse(written(ENTRIES)) == ENTRIES


def test_gettext_reads_what_is_compiled() -> None:
    read = gettext.GNUTranslations(io.BytesIO(compiled(ENTRIES)))
    assert read.gettext(ENTRIES[1].text) == "说“{word}”"
    assert read.gettext(ENTRIES[2].text) == "\b\n例：\n  podseek"
    assert read.ngettext("{n} row", "{n} rows", 1) == read.ngettext("{n} row", "{n} rows", 5) == "{n} 行"
    assert [read.gettext(text) for text in ("not yet", "a guess")] == ["not yet", "a guess"]


@pytest.mark.parametrize("line", ["msgid no quotes", '"alone"', "<<<<<<< HEAD"])
def test_a_line_that_is_none_of_a_catalogue_is_named_by_its_number(line: str) -> None:
    with pytest.raises(PoError, match=r"^2: "):
        parse(f"\n{line}\n")
