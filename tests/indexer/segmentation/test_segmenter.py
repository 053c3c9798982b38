"""The segmenter cuts as jieba does, to the last bit, wherever its dictionary comes from."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.words import dictionary_file
from indexer.core.words.dictionary_file import FILE, open_dictionary
from indexer.segmentation.segmenter import Segmenter

LEXICON = [
    "大模型",
    "预训练",
    "预训练模型",
    "的是",
    "gpu训练",
    "T恤",
    "gpu",
    "二〇〇一",
    "乐小鹿 茶馆",
    "好\r\n的",
    "，",
    "k",
]


@pytest.fixture(scope="module")
def tokenizer(cache_home: Path) -> jieba.Tokenizer:
    loaded = jieba.Tokenizer()
    loaded.tmp_dir = str(cache_home)
    loaded.initialize()
    return loaded


@pytest.fixture(scope="module")
def common_words(tokenizer: jieba.Tokenizer) -> list[str]:
    """Dictionary words in Chinese, those that real text is made of more often than the rest."""
    words = [word for word, frequency in tokenizer.FREQ.items() if frequency and not word.isascii()]
    words.sort(key=lambda word: (-tokenizer.FREQ[word], word))
    return words[:3000] * 10 + words


def jieba_with(lexicon: list[str], loaded: jieba.Tokenizer) -> jieba.Tokenizer:
    """One more jieba, with the words of the lexicon, made of one that is loaded."""
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = dict(loaded.FREQ), loaded.total, True
    for word in lexicon:
        tokenizer.add_word(word)
    return tokenizer


_packed = cache(dictionary_file._pack)


@pytest.fixture
def packed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packing jieba's data takes a second: it is done once, for the tests that are about when it is done."""
    monkeypatch.setattr(dictionary_file, "_pack", _packed)


odd = st.sampled_from("哈哈哈啊啊了的不一是我龥鿕鿖龦㐀々〇〻カタかなーｱ囍犇饕餮")
characters = st.integers(0x4E00, 0x9FFF).map(chr)


@st.composite
def running_chinese(draw: st.DrawFn, words: list[str]) -> str:
    """Words, characters of any kind, and repetitions, in which rows of words are often equally probable."""
    known = st.integers(0, len(words) - 1).map(words.__getitem__)  # `sampled_from` would copy all of them each time
    pieces: list[str] = draw(st.lists(known | odd | characters, max_size=40))
    text = "".join(piece * draw(st.sampled_from([1, 1, 1, 2, 3, 7])) for piece in pieces)
    return "".join(c for c in text if not c.isascii() and not c.isspace() and c not in "·．")


@given(data=st.data())
def test_the_cut_is_jiebas(
    segmenter: Segmenter, tokenizer: jieba.Tokenizer, common_words: list[str], data: st.DataObject
) -> None:
    run = data.draw(running_chinese(common_words))
    assert segmenter.cut(run) == list(tokenizer.cut(run))


def test_the_cut_is_jiebas_with_words_of_the_lexicon(
    cache_home: Path, tokenizer: jieba.Tokenizer, common_words: list[str]
) -> None:
    tokenizer, segmenter = jieba_with(LEXICON, tokenizer), Segmenter(LEXICON, cache_home / "podseek")
    chooser = random.Random(1)
    for _ in range(500):
        words = chooser.choices(common_words, k=12) + chooser.choices([w for w in LEXICON if not w.isascii()], k=4)
        chooser.shuffle(words)
        run = "".join(c for c in "".join(words) if not c.isascii() and c != "，")
        assert segmenter.cut(run) == list(tokenizer.cut(run))
    assert all(segmenter.knows(word) for word in LEXICON)


@pytest.mark.parametrize(
    "lexicon", [LEXICON, ["哈哈"], ["中", "中国中国"], ["㐀㐀", "カード"], ["新新人", "新新", "新"]]
)
def test_words_of_the_lexicon_are_as_frequent_as_jieba_suggests(
    cache_home: Path, tokenizer: jieba.Tokenizer, lexicon: list[str]
) -> None:
    tokenizer, ours = jieba_with(lexicon, tokenizer), Segmenter(lexicon, cache_home / "podseek")
    assert {word: ours._dictionary.frequency(word) for word in lexicon} == {
        word: tokenizer.FREQ[word] for word in lexicon
    }
    assert ours._dictionary.total == tokenizer.total


def test_rows_that_are_equally_probable_are_cut_as_rounding_has_it(
    segmenter: Segmenter, tokenizer: jieba.Tokenizer
) -> None:
    chooser = random.Random(2)
    for size in range(1, 400, 2):
        run = "".join(chooser.choices(["哈哈哈", "哈", "好", "谢谢", "谢谢谢谢", "我们", "快"], k=size))
        assert segmenter.cut(run) == list(tokenizer.cut(run))


def test_an_empty_run_has_no_words(segmenter: Segmenter) -> None:
    assert segmenter.cut("") == []


def test_a_long_segment_is_cut_as_jieba_does(segmenter: Segmenter, tokenizer: jieba.Tokenizer) -> None:
    run = "哈" * 501 + "中国" * 300 + "一" * 7000
    assert segmenter.cut(run) == list(tokenizer.cut(run))


def test_a_word_without_characters_changes_nothing(segmenter: Segmenter, cache_home: Path) -> None:
    """jieba would take it for the most frequent of all words, and cut everything else otherwise."""
    with_nothing = Segmenter([""], cache_home / "podseek")
    assert with_nothing._dictionary.total == segmenter._dictionary.total


SENTENCE = "研究生命起源哈哈哈的大模型"


def cut_with(cache: Path | None) -> list[str]:
    return Segmenter(cache=cache).cut(SENTENCE)


def damage(change: Callable[[bytearray], Any]) -> Callable[[Path], None]:
    def apply(path: Path) -> None:
        data = bytearray(path.read_bytes())
        change(data)
        path.write_bytes(data)

    return apply


@pytest.mark.usefixtures("packed_once", "segmenter")
@pytest.mark.parametrize(
    "harm",
    [
        damage(bytearray.clear),
        damage(lambda data: data.__delitem__(slice(20, None))),
        damage(lambda data: data.__delitem__(slice(-1, None))),
        damage(lambda data: data.__setitem__(0, 65)),
        damage(lambda data: data.__setitem__(-1, data[-1] ^ 1)),
        damage(lambda data: data.__setitem__(len(data) // 2, data[len(data) // 2] ^ 255)),
    ],
    ids=["empty", "header only", "cut off", "another format", "last bit", "in the middle"],
)
def test_a_damaged_file_is_made_again(tmp_path: Path, cache_home: Path, harm: Callable[[Path], None]) -> None:
    sound = (cache_home / "podseek" / FILE).read_bytes()
    path = tmp_path / FILE
    path.write_bytes(sound)
    harm(path)
    open_dictionary(tmp_path)
    assert path.read_bytes() == sound
    assert [place.name for place in tmp_path.iterdir()] == [FILE]


@pytest.mark.usefixtures("packed_once", "segmenter")
def test_a_file_for_another_jieba_is_made_again(
    tmp_path: Path, cache_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / FILE
    path.write_bytes((cache_home / "podseek" / FILE).read_bytes())
    monkeypatch.setattr(dictionary_file, "_key", lambda source: bytes(32))
    open_dictionary(tmp_path)
    assert path.read_bytes() != (cache_home / "podseek" / FILE).read_bytes()


def test_the_file_is_for_the_data_of_jieba_wherever_it_is_installed(tmp_path: Path) -> None:
    own = dictionary_file._source()
    for copied in (dictionary_file._DICTIONARY, *dictionary_file._MODEL.values()):
        (tmp_path / copied).parent.mkdir(exist_ok=True)
        (tmp_path / copied).write_bytes((own / copied).read_bytes())
    assert dictionary_file._key(tmp_path) == dictionary_file._key(own)
    with (tmp_path / dictionary_file._DICTIONARY).open("r+b") as file:
        file.write("乙".encode())
    assert dictionary_file._key(tmp_path) != dictionary_file._key(own)


@pytest.mark.usefixtures("packed_once")
def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, segmenter: Segmenter) -> None:
    place = tmp_path / "file"
    place.write_text("not a folder")
    assert cut_with(place / "cache") == cut_with(place) == cut_with(None) == segmenter.cut(SENTENCE)
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.usefixtures("segmenter")
def test_the_cache_folder_is_private_and_the_same_data_make_the_same_file(tmp_path: Path, cache_home: Path) -> None:
    open_dictionary(tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    assert (tmp_path / "new" / FILE).read_bytes() == (cache_home / "podseek" / FILE).read_bytes()


def test_jieba_is_never_imported(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from indexer.segmentation.segmenter import Segmenter;"
        f"Segmenter(['大模型'], Path({str(tmp_path)!r})).cut('研究生命起源的大模型'); print('jieba' in sys.modules)"
    )
    for _ in range(2):  # when the file is made, and when it is there
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "False"
