"""A lexicon holds words, synonyms and mishearings; what is wrong in it is said in one line; it can be added to."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.core.errors import IndexProblem
from indexer.core.text.folding import Folding
from indexer.core.words.lexicon import (
    FILE,
    LONGEST_WORD,
    PLAIN_FILE,
    Lexicon,
    add_alias,
    find_lexicons,
    folded_words,
    read_lexicon,
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / FILE


def fails(place: Path) -> str:
    """The problem of a lexicon, which is one line that names the file."""
    with pytest.raises(IndexProblem) as problem:
        read_lexicon(place)
    line = str(problem.value)
    assert line.startswith(f"{place}: ")
    assert "\n" not in line
    return line


WHOLE = """\
words = ["大模型", " 鲁棒性 "]
synonyms = [["显卡", "GPU"], ["甲", "乙", "丙"]]

[[heard]]
right = "高熵"
as = ["高商", "高上"]

[[heard]]
right = "GRPO"
as = ["Gruple"]
"""


@pytest.mark.parametrize(
    ("text", "words", "aliases"),
    [
        ("", (), ()),
        ("# nothing yet\n", (), ()),
        ("words = []", (), ()),
        ('words = ["大模型", "c++"]', ("大模型", "c++"), ()),
        ('\ufeffwords = ["大模型"]\r\n', ("大模型",), ()),
        ('synonyms = [["显卡", "GPU"]]', (), (("显卡", "GPU"), ("GPU", "显卡"))),
        ('synonyms = [["显卡"]]', (), ()),
        ('[[heard]]\nright = "高熵"\nas = ["高商", "高上"]', (), (("高熵", "高商"), ("高熵", "高上"))),
        ('heard = [{right = "高熵", as = ["高商"]}]', (), (("高熵", "高商"),)),
        ('[[heard]]\nright = "a\\"b"\nas = ["c\\\\d"]', (), (('a"b', "c\\d"),)),
    ],
)
def test_a_lexicon_holds_what_it_says(
    place: Path, text: str, words: tuple[str, ...], aliases: tuple[tuple[str, str], ...]
) -> None:
    place.write_text(text, "utf-8", newline="")
    assert read_lexicon(place) == Lexicon(words, aliases)


def test_synonyms_stand_for_each_other_and_mishearings_for_what_is_right(place: Path) -> None:
    place.write_text(WHOLE, "utf-8")
    lexicon = read_lexicon(place)
    assert lexicon.words == ("大模型", "鲁棒性")
    assert {("显卡", "GPU"), ("GPU", "显卡"), ("甲", "丙"), ("丙", "乙")} <= set(lexicon.aliases)
    assert [pair for pair in lexicon.aliases if "高熵" in pair] == [("高熵", "高商"), ("高熵", "高上")]
    assert len(lexicon.aliases) == 2 + 6 + 2 + 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_lexicon_is_read_in_the_encodings_of_transcripts(place: Path, encoding: str) -> None:
    place.write_text('# 这是我们的词表，写着大家说的那些词\nwords = ["大模型"]\n', encoding)
    assert read_lexicon(place).words == ("大模型",)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("words = [", "line"),
        ("words", "line"),
        ('words = "大模型"', "words must be a list"),
        ("words = [1]", "words must hold texts"),
        ('words = [""]', "words must hold texts"),
        ('words = ["  "]', "words must hold texts"),
        (f'words = ["{"字" * (LONGEST_WORD + 1)}"]', f"at most {LONGEST_WORD}"),
        ('word = ["大模型"]', "'word'"),
        ('"a\\nb" = 1', "none of words, synonyms and [[heard]]"),
        ('synonyms = ["显卡", "GPU"]', "synonyms must be a list"),
        ("synonyms = 3", "synonyms must be a list"),
        ('synonyms = [["显卡", 3]]', "synonyms must hold texts"),
        ('[heard]\nright = "高熵"\nas = ["高商"]', "heard must be a list"),
        ('heard = ["高熵"]', "[[heard]] needs right"),
        ('[[heard]]\nas = ["高商"]', "[[heard]] needs right"),
        ('[[heard]]\nright = ["高熵"]\nas = ["高商"]', "[[heard]] needs right"),
        ('[[heard]]\nright = "高熵"\nas = "高商"', "as must be a list"),
        ('[[heard]]\nright = "高熵"\nas = [1]', "as must hold texts"),
        ('words = ["甲"]\nwords = ["乙"]', "line"),
        ('[[heard]]\nright = "高熵"\nass = ["高商"]', "[[heard]] needs right"),
        ('[[heard]]\nright = ""\nas = ["高商"]', "[[heard]] needs right"),
    ],
)
def test_what_is_wrong_in_a_lexicon_is_named(place: Path, text: str, complaint: str) -> None:
    place.write_text(text, "utf-8")
    line = fails(place)
    assert complaint in line or (complaint == "line" and "at end of document" in line)
    assert line.endswith(": fix it, or move it away")


def test_a_lexicon_nested_without_end_is_a_problem_too(place: Path) -> None:
    place.write_text("words = " + "[" * 5000, "utf-8")
    fails(place)


def test_a_lexicon_that_is_not_there_or_a_folder_is_a_problem(place: Path) -> None:
    fails(place)
    place.mkdir()
    fails(place)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("大模型\n鲁棒性\n", ("大模型", "鲁棒性")),
        ("大模型 100 nz\n\n  鲁棒性\t5  # 两个\n# 没有\n", ("大模型", "鲁棒性")),
        ("c# 语言\r\nGPU", ("c", "GPU")),
        ('words = ["大模型"]', ("words",)),
    ],
)
def test_a_plain_list_has_one_word_a_line(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    (tmp_path / PLAIN_FILE).write_text(text, "utf-8", newline="")
    assert read_lexicon(tmp_path / PLAIN_FILE) == Lexicon(words)


def test_a_word_of_a_plain_list_may_be_no_longer_than_others(tmp_path: Path) -> None:
    (tmp_path / PLAIN_FILE).write_text("字" * LONGEST_WORD, "utf-8")
    assert read_lexicon(tmp_path / PLAIN_FILE).words == ("字" * LONGEST_WORD,)
    (tmp_path / PLAIN_FILE).write_text("字" * (LONGEST_WORD + 1), "utf-8")
    assert f"at most {LONGEST_WORD}" in fails(tmp_path / PLAIN_FILE)


def test_words_are_folded_as_text_is(place: Path, folding: Folding) -> None:
    place.write_text('words = ["臺灣", "ＧＰＵ"]\nsynonyms = [["顯卡", "GPU"]]', "utf-8")
    assert folded_words(place, folding) == ["台湾", "gpu"]


def test_both_lexicons_of_every_folder_named_are_found(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    found = [tmp_path / "a" / FILE, tmp_path / "a" / PLAIN_FILE, tmp_path / "b" / PLAIN_FILE]
    for path in found:
        path.write_text("", "utf-8")
    (tmp_path / "c" / FILE).mkdir()
    assert find_lexicons([tmp_path / "a", tmp_path / "b", tmp_path / "c", tmp_path / "gone"]) == found


# --- adding an alias ------------------------------------------------------------------------------------

BEFORE = (
    *("", "# my words", 'words = ["大模型"]', 'words = ["大模型"]\n', "\n\n", '\ufeffwords = ["大模型"]\r\n', WHOLE),
    *('[[heard]]\nright = "高熵"\nas = ["高商"]', 'synonyms = [["显卡", "GPU"]] # cards'),
)
characters = st.one_of(
    st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), st.sampled_from("\"'\\\n\r\t#[]=")
)
texts = st.text(characters).map(str.strip).filter(bool)


@given(before=st.sampled_from(BEFORE), right=texts, heard=st.lists(texts, min_size=1, max_size=3))
@example(before="", right='a"b', heard=["c\\", '"""', "'"])
@example(before=WHOLE, right="a\nb", heard=["\\n", "\x00", "\x7f", "a\u2028b", "😀"])
def test_an_added_alias_is_read_back_behind_all_there_was(
    tmp_path_factory: pytest.TempPathFactory, before: str, right: str, heard: list[str]
) -> None:
    place = tmp_path_factory.mktemp("lexicon") / FILE
    place.write_text(before, "utf-8", newline="")
    known = read_lexicon(place)
    add_alias(place, right, heard)
    assert read_lexicon(place) == Lexicon(
        known.words, (*known.aliases, *((right, one) for one in dict.fromkeys(heard)))
    )
    assert place.read_bytes().startswith(before.encode())


@pytest.mark.parametrize(
    ("before", "right", "heard"),
    [
        pytest.param("", "\U000f0000", "高商", id="beyond the basic plane, not printable"),
        pytest.param("", "高\x00熵", "a\u2028b", id="control characters"),
    ],
)
def test_these_aliases_are_read_back_too(place: Path, before: str, right: str, heard: str) -> None:
    place.write_text(before, "utf-8")
    add_alias(place, right, [heard])
    assert read_lexicon(place).aliases[-1] == (right, heard)


@pytest.mark.parametrize("heard", ["", "  ", "\udc80"])
def test_an_alias_that_cannot_be_written_leaves_the_file_alone(place: Path, heard: str) -> None:
    place.write_text(WHOLE, "utf-8")
    with pytest.raises(IndexProblem):
        add_alias(place, "高熵", [heard])
    assert place.read_text("utf-8") == WHOLE


@pytest.mark.parametrize("before", ["heard = []\n", 'heard = [{right = "甲", as = ["乙"]}]\n'])
def test_a_file_with_its_heard_in_brackets_is_left_alone(place: Path, before: str) -> None:
    """TOML lets nobody add to such a list from outside."""
    place.write_text(before, "utf-8")
    with pytest.raises(IndexProblem, match="the alias cannot be added") as problem:
        add_alias(place, "高熵", ["高商"])
    assert str(problem.value).startswith(f"{place}: ")
    assert "\n" not in str(problem.value)
    assert place.read_text("utf-8") == before


def test_the_first_alias_makes_the_file_and_its_folder(tmp_path: Path) -> None:
    place = tmp_path / "new" / FILE
    add_alias(place, "高熵", ["高商", "高上"])
    add_alias(place, "GRPO", ["Gruple"])
    assert read_lexicon(place).aliases == (("高熵", "高商"), ("高熵", "高上"), ("GRPO", "Gruple"))
    assert place.read_text("utf-8").splitlines()[:3] == ["[[heard]]", 'right = "高熵"', 'as = ["高商", "高上"]']


@pytest.mark.parametrize("before", ["words = [", "word = []", '[[heard]]\nright = "甲"\nas = "乙"\n'])
def test_nothing_is_added_to_a_file_that_cannot_be_read(place: Path, before: str) -> None:
    place.write_text(before, "utf-8")
    with pytest.raises(IndexProblem, match=FILE):
        add_alias(place, "高熵", ["高商"])
    assert place.read_text("utf-8") == before


def test_nothing_is_added_to_a_file_in_another_encoding(place: Path) -> None:
    text = '# 这是我们的词表，写着大家说的那些词\nwords = ["大模型"]\n'.encode("gb18030")
    place.write_bytes(text)
    with pytest.raises(IndexProblem, match=r"(?i)utf-8"):
        add_alias(place, "高熵", ["高商"])
    assert place.read_bytes() == text
