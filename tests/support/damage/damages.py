"""Valid transcripts of every format with one structural element of one cue damaged, and a check for silent loss.

    PYTHONPATH=.:tests python tests/support/damage/damages.py 30000 7

tries 30,000 damages with seed 7 and prints the texts that were lost without a complaint.
"""

from __future__ import annotations

import json
import random
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.core.types import Complaint, Transcript
from indexer.readers import find_reader, find_tolerant, read_bytes
from support.transcripts.written_formats import FORMATS, Make, Said, Sound, sound


@dataclass(frozen=True, slots=True)
class Damaged:
    """A file in which one piece of cue number `at` was replaced; `lines` are the lines of that cue."""

    kind: str
    text: str
    said: list[Said]
    at: int
    lines: range
    before: str
    after: str


_ALIKE = {
    ":": "：；;∶︰.．,，·-|/",
    ".": "．。,，·:;",
    ",": "，、;；.。|\t",
    ";": "；:,",
    '"': "“”'＂」",
    "[": "【［({<",
    "]": "】］)}>",
    "<": "＜《[",
    ">": "＞》→]",
    "-": "–—－~_−=",
    "{": "｛[(",
    "}": "｝])",
    " ": "\t\u3000\xa0",
    "\t": " ,\u3000",
    "0": "oO０〇.",
    "1": "lI１一",
    "\n": " \t\r\x0b\x85\u2028",
}
_ODD = [
    *"\0\x01\x07\x08\x1b\x7f\x85\xa0\u200b\u200e\u202e\u3000\ufeff",
    *"0159",
    *':：;,.，"-—[](){}<>|/\\&#*',
    *"xO山",
]
_ODD += ["\n", "\t", " ", "->", "⟶", "-->", "::", "0" * 30, "9" * 30, "NaN", "null", "--", "<!--", '""', "//"]


def damage(rng: random.Random, whole: Sound) -> Damaged:
    """The file with one piece of structure of one cue damaged."""
    at = rng.randrange(len(whole.cues))
    places = [place for place, (_, structure) in enumerate(whole.cues[at]) if structure]
    place = rng.choice(places)
    before = whole.cues[at][place][0]
    after = before
    while after == before:
        after = _broken(rng, before)
    cue = "".join(after if number == place else piece for number, (piece, _) in enumerate(whole.cues[at]))
    above = whole.head + "".join(piece for cue in whole.cues[:at] for piece, _ in cue)
    below = "".join(piece for cue in whole.cues[at + 1 :] for piece, _ in cue) + whole.tail
    first = above.count("\n") + 1
    lines = range(first, first + max(cue.count("\n"), 1) + (after.endswith("\n") or before.endswith("\n")))
    return Damaged(whole.kind, above + cue + below, whole.said, at, lines, before, after)


def _broken(rng: random.Random, piece: str) -> str:
    place = rng.randrange(len(piece))
    one = piece[place]
    match rng.choice(["cut", "drop", "double", "twice", "alike", "wide", "insert", "replace", "swap", "case", "long"]):
        case "cut":
            return piece[:place] + piece[place + 1 :]
        case "drop":
            return ""
        case "double":
            return piece[:place] + one + piece[place:]
        case "twice":
            return piece * 2
        case "alike":
            return piece[:place] + rng.choice(_ALIKE.get(one, _ODD)) + piece[place + 1 :]
        case "wide":
            wide = chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one
            return piece[:place] + wide + piece[place + 1 :]
        case "insert":
            return piece[:place] + rng.choice(_ODD) + piece[place:]
        case "replace":
            return piece[:place] + rng.choice(_ODD) + piece[place + 1 :]
        case "swap":
            return piece[:place] + piece[place + 1 : place + 2] + one + piece[place + 2 :]
        case "case":
            return piece.swapcase()
        case _:
            return re.sub(r"\d+", lambda digits: digits[0].rjust(30, "0"), piece)


def lost(file: Damaged) -> str:
    """Returns what was lost without a complaint that names the place; "" if nothing was."""
    transcript = read_bytes("a", file.text.encode("utf-8", "surrogatepass"))
    if _told(transcript, file):
        return ""
    flat = [_plain(cue.text) for cue in transcript.cues]
    homes = [[at for at, text in enumerate(flat) if _plain(said.text) in text] for said in file.said]
    for number, home in enumerate(homes):
        if not home:
            return "vanished" if number == file.at else "another vanished"
    used = Counter(home[0] for home in homes)
    if any(count > 1 for count in used.values()):
        return "merged"
    for number, (said, home) in enumerate(zip(file.said, homes, strict=True)):
        cue = transcript.cues[home[0]]
        if _digits(cue.text.replace(said.text, "")):
            return "residue"
        same = number != file.at or _digits(file.before) == _digits(file.after)
        if same and not said.start - 0.011 <= cue.start <= said.end:
            return "another time" if number != file.at else "time"
    return ""


def _digits(piece: str) -> str:
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", piece))


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def _told(transcript: Transcript, file: Damaged) -> bool:
    return any(_names(complaint, file) for complaint in transcript.complaints)


def _names(complaint: Complaint, file: Damaged) -> bool:
    """True for a complaint about one of the lines of the damaged cue, or about the whole file."""
    if complaint.fatal and ("not JSON" in complaint.what or "not a transcript" in complaint.what):
        return True
    if "no cues to index" in complaint.action:
        return True
    spans = [(complaint.line, complaint.line)]
    spans += [(int(a), int(b)) for a, b in re.findall(r"lines (\d+)-(\d+)", complaint.what)]
    near = range(file.lines.start - 1, file.lines.stop + 1)
    if any(first <= line <= last for first, last in spans if first for line in near):
        return True
    segment = re.match(r"segments? (\d+)", complaint.what)
    return segment is not None and abs(int(segment[1]) - file.at - 1) <= 1


def unharmed(whole: Sound) -> Damaged:
    """The file as it is."""
    text = whole.head + "".join(piece for cue in whole.cues for piece, _ in cue) + whole.tail
    return Damaged(whole.kind, text, whole.said, 0, range(0), "", "")


def campaign(count: int, seed: int, formats: Sequence[Make] = FORMATS) -> Iterator[tuple[str, Damaged]]:
    """Yields each silent loss among `count` damages of these formats: its kind and the file."""
    for number in range(count):
        rng = random.Random(f"{seed}/{number}")
        file = damage(rng, sound(rng, formats[number % len(formats)]))
        if what := lost(file):
            yield what, file


def main() -> None:
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    formats = [make for make in FORMATS if (*sys.argv, "")[3] in make.__name__]
    losses: Counter[tuple[str, str]] = Counter()
    for what, file in campaign(count, seed, formats):
        losses[file.kind, what] += 1
        if losses[file.kind, what] <= int((*sys.argv, 3)[4] if len(sys.argv) > 4 else 3):
            reader = find_reader(file.text) or find_tolerant(file.text)
            name = reader.name if reader else None
            print(json.dumps([file.kind, what, file.before, file.after, name, file.lines.start], ensure_ascii=False))
            print("    " + repr("\n".join(file.text.split("\n")[max(file.lines.start - 2, 0) : file.lines.stop + 1])))
            transcript = read_bytes("a", file.text.encode("utf-8", "surrogatepass"))
            print("    ", [str(complaint) for complaint in transcript.complaints][:4])
    for key, number in sorted(losses.items()):
        print(*key, number)
    print(sum(losses.values()), "of", count)


if __name__ == "__main__":
    main()
