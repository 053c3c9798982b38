"""What users can type, read and call is described in the documentation, in both languages, and what is described there
exists. Pages about the design: test_design_pages.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest
from support.library import ROOT

import cli
import indexer
import podseek
import search
from indexer.core.messages import CHINESE, ENGLISH, _, speaking
from indexer.readers import READERS, reader_of
from indexer.readers.shared.source import Source
from search import Library
from search.expansion.mishearings.suspects import Suspect
from search.expansion.variants import Example, Variant
from search.frontends.formats.display import columns
from search.frontends.formats.text import HOW
from search.results import records

README = ROOT / "README.md"
CHINESE_README = ROOT / "README.zh-CN.md"

# The contract of `search --format jsonl` and `episodes --format jsonl`, schema version 1.
FACTS = ("schema", "episode", "path", "show", "title", "date", "period", "audio", "link")
MOMENT = (*FACTS, "url", "rank", "score", "speakers", "start", "end", "chapter", "matches", "cues")
NESTED = ("start", "end", "text", "term", "how", "where", "index", "speaker", "highlights", "damped")
EPISODE = (*FACTS, "duration", "cues", "characters")
VARIANT = ("schema", "text", "how", "count", "episode", "start", "line")
SUSPECT = ("schema", "right", "heard", "right_count", "heard_count", "score", "episode", "start", "line")

CHINESE_PAGES = list((ROOT / "docs").glob("*.zh-CN.md"))
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)

both = pytest.mark.parametrize("path", [README, CHINESE_README], ids=lambda path: path.name)


def commands() -> dict[str, click.Command]:
    """All commands by what is typed for them; those of a group as `alias add`."""
    return dict(_commands(cli.podseek, ""))


def _commands(group: click.Group, before: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield before + name, command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{before}{name} ")


def options() -> Iterator[tuple[str, str]]:
    """(command, option) of every option; the long name where there is one."""
    for name, command in {"podseek": cli.podseek, **commands()}.items():
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                yield name, max(parameter.opts, key=len)


def text_of(readme: Path) -> str:
    """A README and the pages of its language that it links to."""
    pages = re.findall(r"\((docs/[\w.-]+\.md)", readme.read_text("utf-8"))
    return "\n".join(path.read_text("utf-8") for path in (readme, *(ROOT / page for page in sorted(set(pages)))))


def mentions(path: Path, what: str) -> bool:
    """True when the word stands in the text by itself: `--show` is no mention of `--sh`."""
    return re.search(rf"(?<![\w-]){re.escape(what)}(?![\w-])", text_of(path)) is not None


def test_the_worked_example_of_a_format_works() -> None:
    """CONTRIBUTING.md's reader, made a module."""
    (code,) = re.findall(r"^```python\n(.*?)^```", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.M | re.S)
    mpl2 = ModuleType("mpl2")
    exec(compile(code, "CONTRIBUTING.md", "exec"), mpl2.__dict__)
    reader = reader_of(mpl2)
    text = "[0][25]今天聊开源\n\n[1250][1280]两行|字幕\nno cue\n"
    assert reader.recognises(text)
    before = READERS[: [known.name for known in READERS].index("SubRip")]
    assert not any(known.recognises(text) for known in before if known.name != mpl2.NAME)  # as for those who add it
    transcript = reader.read(Source("talk.mpl", text))
    assert [(cue.start, cue.end, cue.text) for cue in transcript.cues] == [
        (0.0, 2.5, "今天聊开源"),
        (125.0, 128.0, "两行\n字幕"),
    ]
    assert [(complaint.line, complaint.what) for complaint in transcript.complaints] == [(4, "no cue of MPL2")]


@pytest.mark.parametrize("name", podseek.__all__)
def test_a_public_name_is_the_one_behind_it(name: str) -> None:
    """`import podseek` is enough, and what `search` and `indexer` give is the same."""
    behind = [getattr(package, name) for package in (search, indexer) if name in package.__all__]
    assert all(getattr(podseek, name) is value for value in behind)
    assert getattr(podseek, name) is not None


@pytest.mark.parametrize(
    "page", [README, CHINESE_README, *sorted((ROOT / "docs").glob("*.md"))], ids=lambda path: path.name
)
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    """Files that exist, and headings that a page has, as GitHub names them."""
    prose = FENCED.sub("", page.read_text("utf-8"))
    for link, heading in re.findall(r"\]\((?!https?:)([\w./-]*)#?([^)\s]*)\)", prose):
        target = page.parent / link if link else page
        assert target.exists(), link
        if heading:
            titles = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), re.MULTILINE)
            assert heading in [re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles]


def parts(page: Path) -> dict[str, object]:
    """What a page has in any language: its headings, blocks, commands, rows of tables, points and options."""
    text = page.read_text("utf-8")
    prose = FENCED.sub("", text)
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return {
        "headings": [len(marks) for marks in re.findall(r"^(#+) ", prose, re.MULTILINE)],
        "blocks": [kind for kind, _block in blocks],
        "commands": [line for _kind, block in blocks for line in block.splitlines() if line.startswith("$ ")],
        "rows": len(re.findall(r"^\|", prose, re.MULTILINE)),
        "points": len(re.findall(r"^(?:- |\d\. )", prose, re.MULTILINE)),
        "options": set(re.findall(r"`(--[a-z-]+)", prose)),
    }


@pytest.mark.parametrize("page", CHINESE_PAGES, ids=lambda path: path.name)
def test_a_page_begins_with_links_to_the_other_language_and_to_the_readme(page: Path) -> None:
    english = page.with_name(page.name.replace(".zh-CN", ""))
    assert page.read_text("utf-8").splitlines()[2] == f"[English]({english.name}) · [README](../README.zh-CN.md)"
    assert english.read_text("utf-8").splitlines()[2] == f"[中文]({page.name}) · [README](../README.md)"


@pytest.mark.parametrize("page", ["README.zh-CN.md", *sorted(f"docs/{p.name}" for p in CHINESE_PAGES)])
def test_a_page_has_the_same_parts_in_both_languages(page: str) -> None:
    assert parts(ROOT / page) == parts(ROOT / page.replace(".zh-CN", ""))


@pytest.mark.parametrize("page", [CHINESE_README, *CHINESE_PAGES], ids=lambda path: path.name)
def test_bold_text_of_a_chinese_page_ends(page: Path) -> None:
    """CommonMark takes `**` between Chinese punctuation and a character for no end: a space has to follow."""
    prose = FENCED.sub("", page.read_text("utf-8"))
    assert re.findall(r"[，。；：、！？）”」》]\*\*\w.*", prose) == []


PAGES = [page for pattern in ("[ACR]*.md", "docs/**/*.md", "bench/*.md") for page in sorted(ROOT.glob(pattern))]


@pytest.mark.parametrize("page", [str(page.relative_to(ROOT)) for page in PAGES if page.name != "CHANGELOG.md"])
def test_prose_is_at_most_120_columns_wide(page: str) -> None:
    """A Chinese character takes two. Tables, code and HTML are as wide as they are."""
    prose = FENCED.sub(lambda code: "\n" * code[0].count("\n"), (ROOT / page).read_text("utf-8"))
    lines = [line for line in prose.splitlines() if not line.lstrip().startswith(("|", "<"))]
    assert [line for line in lines if columns(line) > 120] == []


@pytest.mark.parametrize("page", [CHINESE_README, *CHINESE_PAGES], ids=lambda path: path.name)
def test_no_line_of_a_chinese_page_ends_within_a_sentence(page: Path) -> None:
    """Browsers show the end of a line between two Han characters as a space."""
    prose = FENCED.sub("", page.read_text("utf-8"))
    assert re.findall(r".*[\u3400-\u9fff]\n *[\u3400-\u9fff].*", prose) == []


@both
def test_the_pages_of_a_readme_are_in_its_language(path: Path) -> None:
    pages = set(re.findall(r"\((docs/[\w.-]+\.md)", path.read_text("utf-8")))
    chinese = {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.zh-CN.md")}
    every = {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")}
    assert pages == (chinese if path == CHINESE_README else every - chinese)


@pytest.mark.parametrize("name", sorted(commands()))
@both
def test_every_command_is_in_the_readme(path: Path, name: str) -> None:
    assert mentions(path, f"podseek {name}")


@pytest.mark.parametrize("option", sorted({option for _, option in options()}))
def test_every_option_is_in_the_readme(option: str) -> None:
    assert mentions(README, option)


@both
@pytest.mark.parametrize("name", ["alias add", "alias list"])
def test_every_option_of_alias_is_in_both_readmes(path: Path, name: str) -> None:
    """By its long or its short name."""
    known = [parameter.opts for parameter in commands()[name].params if isinstance(parameter, click.Option)]
    assert known
    assert [opts for opts in known if not any(mentions(path, opt) for opt in opts)] == []


@both
@pytest.mark.parametrize("field", sorted({*MOMENT, *NESTED, *EPISODE, *VARIANT, *SUSPECT}))
def test_every_json_field_is_documented(path: Path, field: str) -> None:
    page = "docs/programs.md" if path == README else "docs/programs.zh-CN.md"
    assert f"`{field}`" in (ROOT / page).read_text("utf-8")


def test_the_json_fields_of_variants_are_those_of_the_contract(tiny: Library) -> None:
    place = Example(tiny.find_episode("radio"), 0.0, "高商")
    assert tuple(records.variant_record(Variant("高商", "homophone", 1, place))) == VARIANT
    assert tuple(records.suspect_record(Suspect("高熵", "高商", 2, 1, 0.5, place))) == SUSPECT


@both
@pytest.mark.parametrize("how", sorted(HOW))
def test_every_way_to_match_is_documented(path: Path, how: str) -> None:
    """On one line with what people read for it."""
    lines = text_of(path).splitlines()
    with speaking(CHINESE if path == CHINESE_README else ENGLISH):
        label = _(HOW[how])
    assert any(f"`{how}`" in line and label in line for line in lines)


@pytest.mark.parametrize("variable", ["PODSEEK_INDEX", "PODSEEK_LANG", "NO_COLOR"])
def test_every_variable_of_the_environment_is_in_the_readme(variable: str) -> None:
    assert mentions(README, variable)


@pytest.mark.parametrize("word", ["AND", "OR", "NOT", "NEAR", "show:", "title:", "speaker:", "date:"])
@both
def test_the_query_language_is_documented(path: Path, word: str) -> None:
    page = "docs/search.md" if path == README else "docs/search.zh-CN.md"
    assert word in (ROOT / page).read_text("utf-8")


def test_every_format_of_transcripts_is_documented() -> None:
    """In English; the Chinese page has as many rows (`parts`)."""
    page = (ROOT / "docs" / "transcripts.md").read_text("utf-8")
    assert [reader.name for reader in READERS if f"| {reader.name}" not in page] == []


def test_the_columns_of_tsv_are_fields_of_json_or_described() -> None:
    assert set(records.MOMENT_COLUMNS) - {"time"} <= {*MOMENT, *NESTED}


@both
def test_the_examples_of_the_readme_use_commands_and_options_that_exist(path: Path) -> None:
    """Every line of a fenced block that begins with podseek, in whichever language."""
    known = {name: {opt for p in command.params for opt in p.opts} for name, command in commands().items()}
    everywhere = {opt for parameter in cli.podseek.params for opt in parameter.opts} | {"--help", "-h"}
    blocks = re.findall(r"^```.*?$(.*?)^```", text_of(path), re.MULTILINE | re.DOTALL)
    examples = re.findall(r"^ *(?:\$ *)?podseek ((?:alias )?[a-z]+)(.*)$", "\n".join(blocks), re.MULTILINE)
    assert examples
    for name, rest in examples:
        assert name in known, f"podseek {name} does not exist"
        used = set(re.findall(r"(?<=\s)--?[a-zA-Z][a-z-]*(?=[\s=]|$)", re.sub(r"'[^']*'|\"[^\"]*\"|[#|].*", "", rest)))
        assert used <= known[name] | everywhere, f"podseek {name}{rest}"


def test_the_examples_in_the_help_use_options_that_exist() -> None:
    for name, command in commands().items():
        known = {opt for parameter in command.params for opt in parameter.opts}
        for line in re.findall(rf"^ *podseek {name}(.*)$", command.help or "", re.MULTILINE):
            used = set(re.findall(r"(?<=\s)--?[a-zA-Z][a-z-]*(?=\s|$)", re.sub(r"'[^']*'", "", line)))
            assert used <= known, line


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_option_of_a_command_is_explained_in_its_help(name: str) -> None:
    for parameter in commands()[name].params:
        if isinstance(parameter, click.Option) and parameter.name != "form":
            assert parameter.help, f"podseek {name} {parameter.opts}"
