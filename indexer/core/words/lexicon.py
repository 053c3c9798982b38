"""The user's lexicon: words that are never split, synonyms, and confirmed mishearings.

`lexicon.toml` may hold all three; `lexicon.txt`, or any list with one word per line, holds words only.

    words = ["大模型", "鲁棒性"]
    synonyms = [["显卡", "GPU"]]

    [[heard]]
    right = "高熵"
    as = ["高商"]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import permutations
from typing import TYPE_CHECKING, Any

from indexer.core.errors import IndexProblem, system_reason
from indexer.core.files.mapped_files import AnyPath, place
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.text.folding import Folding

if TYPE_CHECKING:
    from pathlib import Path

FILE, PLAIN_FILE = "lexicon.toml", "lexicon.txt"
LARGEST_LEXICON = 16 << 20
"""In bytes. jieba's dictionary, with all words of Chinese, has five million."""
MOST_SYNONYMS = 40
MOST_ALIASES = 100_000
"""Limit on the pairs from all synonyms and mishearings; a group of 40 yields 1,560."""
LONGEST_WORD = 32
"""In characters. Longer entries are sentences and slow segmentation down."""


class Lexicon(NamedTuple):
    """The contents of a lexicon file, unfolded.

    Each pair in `aliases` means: a search for the first also finds the second.
    """

    words: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()


def find_lexicons(paths: Iterable[Path]) -> list[Path]:
    """The lexicon files directly inside the given folders."""
    places = [path / name for path in paths if path.is_dir() for name in (FILE, PLAIN_FILE)]
    return [place for place in places if place.is_file()]


def alias_files(folder: AnyPath, known: Sequence[str]) -> list[str]:
    """The files in which the index in a folder looks for aliases: the `known` ones it has registered, and its own; they
    need not exist."""
    return [*known, place(folder, FILE)]


def folded_words(path: Path, folding: Folding) -> list[str]:
    """The folded words of a lexicon. Raises IndexProblem if it cannot be read."""
    return [folding.fold(word) for word in read_lexicon(path).words]


def read_lexicon(path: Path) -> Lexicon:
    """Reads a lexicon file, as TOML or a word list by its suffix. Raises IndexProblem if it cannot be read."""
    from indexer.core.files.regular_files import read_regular  # late import: a search without a lexicon reads none

    try:
        text = _decoded(read_regular(path, LARGEST_LEXICON)).lstrip("\ufeff")
        lexicon = _from_toml(text) if path.suffix == ".toml" else Lexicon(tuple(_from_lines(text)))
        for word in lexicon.words:
            if len(word) > LONGEST_WORD:
                raise ValueError(
                    _("a word of {count:,} characters, at most {most}").format(count=len(word), most=LONGEST_WORD)
                )
        return lexicon
    except (OSError, ValueError) as error:
        what = system_reason(error) if isinstance(error, OSError) else error
        cure = _("fix it, or move it away")
        raise IndexProblem(
            _("{path}: the lexicon cannot be read ({what}): {cure}").format(path=path, what=what, cure=cure)
        ) from None


def _decoded(data: bytes) -> str:
    """Decodes a lexicon: UTF-8, else any encoding that transcripts may have."""
    with suppress(UnicodeDecodeError):
        if 0 not in data:  # a zero byte means UTF-16
            return data.decode()
    from indexer.core.text.encoding import decode  # late import: needed only for other encodings

    return decode(data).text


def _from_lines(text: str) -> Iterator[str]:
    """Yields the first column of each line; `#` starts a comment. Raises ValueError for a line that is not text."""
    for number, line in enumerate(text.splitlines(), 1):
        columns = line.partition("#")[0].split()
        if columns:
            if any(c < " " or "\x7f" <= c < "\xa0" or c == "\ufffd" for c in columns[0]):
                raise ValueError(_("line {n:,} is not text").format(n=number))
            yield columns[0]


def _from_toml(text: str) -> Lexicon:
    from indexer.core.configuration.toml import loads

    values = loads(text)
    unknown = sorted(values.keys() - {"words", "synonyms", "heard"})
    if unknown:
        raise ValueError(_("{unknown!r} is none of words, synonyms and [[heard]]").format(unknown=unknown[0]))
    words = tuple(_strings(values.get("words", []), "words"))
    aliases: list[tuple[str, str]] = []
    for group in _listed(values.get("synonyms", []), "synonyms"):
        members = _strings(group, _("each of the synonyms"))
        if len(members) > MOST_SYNONYMS:
            raise ValueError(
                _("a group of {count:,} synonyms, at most {most}").format(count=len(members), most=MOST_SYNONYMS)
            )
        _check_count(len(aliases))
        aliases += permutations(members, 2)
    for entry in _listed(values.get("heard", []), "heard"):
        aliases += _heard(entry)
    _check_count(len(aliases))
    return Lexicon(words, tuple(aliases))


def _check_count(aliases: int) -> None:
    if aliases > MOST_ALIASES:
        raise ValueError(_("more than {most:,} pairs of words that stand for each other").format(most=MOST_ALIASES))


def _heard(entry: Any) -> Iterator[tuple[str, str]]:
    known = isinstance(entry, Mapping) and entry.keys() <= {"right", "as"}
    if not known or not isinstance(right := entry.get("right"), str) or not right.strip():
        raise ValueError(_('[[heard]] needs right = "..." and as = ["..."]'))
    for heard in _strings(entry.get("as", []), "as"):
        yield right.strip(), heard


def _listed(value: Any, name: str) -> Sequence[Any]:
    if not isinstance(value, list):
        raise ValueError(_("{name} must be a list").format(name=name))
    return value


def _strings(value: Any, name: str) -> list[str]:
    strings = _listed(value, name)
    if not all(isinstance(one, str) and one.strip() for one in strings):
        raise ValueError(_("{name} must hold texts").format(name=name))
    return [one.strip() for one in strings]


def add_alias(path: Path, right: str, heard: Sequence[str]) -> list[str]:
    """Appends a confirmed mishearing to a lexicon, creating it if necessary; returns the spellings that were new.

    Raises IndexProblem if the file cannot be read or written; it is then unchanged.
    """
    from indexer.core.files.atomic_write import alone_in, make_folder, write_whole  # late import: a search only reads

    try:
        make_folder(path.parent)
        with alone_in(path.parent):
            return _add_alias(path, right.strip(), heard, write_whole)
    except UnicodeError:
        raise IndexProblem(
            _("{path}: is not in UTF-8: save it so, then add the alias again").format(path=path)
        ) from None
    except (OSError, ValueError) as error:
        what = system_reason(error) if isinstance(error, OSError) else error
        cure = _("nothing was changed: write the alias into the file where its others are")
        raise IndexProblem(
            _("{path}: the alias cannot be added ({what}): {cure}").format(path=path, what=what, cure=cure)
        ) from None


def _add_alias(path: Path, right: str, heard: Sequence[str], write: Callable[[Path, bytes], None]) -> list[str]:
    known = read_lexicon(path).aliases if path.exists() else ()
    heard = [text for text in dict.fromkeys(map(str.strip, heard)) if (right, text) not in known]
    if not heard:
        return []
    before = path.read_bytes() if path.exists() else b""
    text = before.decode("utf-8-sig")
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    entry = f"{gap}[[heard]]\nright = {_quoted(right)}\nas = [{', '.join(map(_quoted, heard))}]\n"
    _from_toml(text + entry)
    write(path, before + entry.encode())
    return heard


def _quoted(text: str) -> str:
    """A single-line TOML string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'
