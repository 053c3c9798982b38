"""The commands that messages propose work on the library of the command that proposes them."""

from __future__ import annotations

import pytest

from search.frontends.cli.output.commands import commands, commands_in
from search.frontends.cli.output.console import Context


@pytest.mark.parametrize(
    ("index", "libraries", "options"),
    [
        (None, {}, ""),
        ("my talks/index", {}, "--index 'my talks/index' "),
        ("/srv/talks", {"talks": "/srv/talks"}, "-L talks "),
        ("/srv/a", {"a": "/srv/a", "b": "/srv/b"}, "-L a -L b "),
        ("http://localhost:9200/talks", {}, "--backend http://localhost:9200/talks "),
        ("https://me:secret@localhost:9200/talks", {}, ""),
    ],
)
def test_a_command_names_the_library_as_it_was_named(
    index: str | None, libraries: dict[str, str], options: str
) -> None:
    steps = commands(Context(index, "never", quiet=False, verbose=False, libraries=libraries))
    assert steps.search('"两杯 茶"') == f"`podseek search {options}'\"两杯 茶\"'`"
    assert steps.read("tea/radio") == f"`podseek read {options}tea/radio`"
    assert steps.episodes("收音机") == f"`podseek episodes {options}收音机`"


def test_an_episode_is_read_in_the_library_that_has_it() -> None:
    context = Context("/srv/a", "never", quiet=False, verbose=False, libraries={"a": "/srv/a", "b": "/srv/b"})
    assert commands_in(context, "b").read("tea/radio") == "`podseek read -L b tea/radio`"
    assert commands_in(context, "b").search("茶") == "`podseek search -L a -L b 茶`"
