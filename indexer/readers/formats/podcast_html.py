"""Reads the HTML transcripts of Podcasting 2.0: speakers in <cite>, times in <time>, text in <p>; or all in spans."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from indexer.core.messages import _
from indexer.core.text.clock_times import clock_seconds
from indexer.core.text.sanitize import language_tag
from indexer.core.types import Complaint, Transcript
from indexer.readers.shared.drafts import Draft, settle
from indexer.readers.shared.misplaced_separators import mend_misplaced
from indexer.readers.shared.source import HEAD, Source
from indexer.readers.shared.text_lines import split_lines

NAME = "Podcasting 2.0 HTML"
SUFFIXES = (".html", ".htm")

_CLOCK = r"[\[(]?\s{0,20}\d{1,3}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?\s{0,20}[\])]?"
_TIMED = re.compile(
    rf"<(time|span|cite)\b(?![^<>]{{0,200}}datetime=.?\d{{4}})[^<>]{{0,200}}>\s{{0,200}}{_CLOCK}\s{{0,200}}</\1", re.I
)
_PARAGRAPH = re.compile(r"<(?:p|cite|dd|div)\b", re.I)
_DECLARATION = re.compile(r"<[!?][^<>]{0,1000}>")
# Anything but a short complete tag is text; the parser would take quadratic time to find that out.
_STRAY = re.compile(r"<(?!/?[A-Za-z][^<>]{0,1000}>)")
# No character has so large a number, and parsing one takes quadratic time.
_NO_CHARACTER = re.compile(r"&#(?=\d{8})")
_BEGINS = re.compile(r"\s*[\[(]?(\d{1,3}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?)[\])]?(?!\d)")
_LOOSE = re.compile(rf"\s*(?:[^\w\s\[(][^\d]{{0,12}}?)?{_CLOCK}\s*(?:[^\w\s]{{1,2}}\w{{0,6}}[^\w\s]{{0,2}}\s*)?$")
"""A time outside time elements, alone or beside the remains of a tag."""
_SPACE = re.compile(r"\s+")
_UNSEEN = frozenset({"script", "style", "title", "textarea"})
_FIELDS = frozenset({"cite", "time", "span"})


def recognises(text: str) -> bool:
    """True for HTML with times such as 1:02 in elements, and a <cite>, or several times and paragraphs."""
    head = text[:HEAD]
    times = len(_TIMED.findall(head))
    return times >= (1 if "<cite" in head else 2) and _PARAGRAPH.search(head) is not None


def read(source: Source) -> Transcript:
    """One cue per time; a speaker continues until the next one."""
    page = _Page()
    text = source.text
    complaints: list[Complaint] = []
    if (at := text.rfind("<!--")) > text.rfind("-->"):
        line = len(split_lines(text[:at]))
        complaints.append(Complaint(source.path, line, _("a comment is never closed"), _("read as text")))
        text = text[:at] + "&lt;!--" + text[at + 4 :]
    page.feed(_tamed(text))
    page.close()
    lines = [draft.line for draft in page.drafts]
    for draft, written, time in zip(
        page.drafts, page.times, mend_misplaced(source.path, lines, page.times, complaints), strict=True
    ):
        draft.start = clock_seconds(time) if time != written else draft.start
    if page.before:
        complaints.append(Complaint(source.path, page.before, _("text before the first time"), _("left out")))
    for line, text in page.odd:
        complaints.append(
            Complaint(source.path, line, _("not an element of a time: {text!r}").format(text=text), _("kept as text"))
        )
    if not page.drafts:
        complaints.append(Complaint(source.path, 0, _("no element with a time such as 1:02"), _("no cues to index")))
    language = language_tag(page.language)
    return settle(source.path, page.drafts, complaints, {"language": language} if language else {})


def _tamed(text: str) -> str:
    """The page without comments and declarations, with the same number of lines, in which every `<` begins a tag."""
    first, *rest = text.replace("<!-->", "").split("<!--")
    seen = [first]
    for part in rest:
        comment, _, after = part.partition("-->")
        seen += ["\n" * comment.count("\n"), after]
    return _STRAY.sub("&lt;", _DECLARATION.sub("", _NO_CHARACTER.sub("&amp;#", "".join(seen))))


class _Page(HTMLParser):
    """Collects the drafts, and their times as written ("" if unreadable). `before` is the line of text that precedes
    all times, 0 if there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.drafts: list[Draft] = []
        self.times: list[str] = []
        self.before = 0
        self.odd: list[tuple[int, str]] = []
        self.language = ""
        self._speaker = ""
        self._field: tuple[str, str] | None = None
        self._held: list[str] = []
        self._said: list[str] = []
        self._unseen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given.get("lang", "")
        elif tag in _UNSEEN:
            self._unseen = tag
        elif tag in _FIELDS:
            self._close_field()
            self._field = tag, given.get("class", "").lower()
        elif tag in ("p", "br", "div", "li"):
            self._say("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = ""
        elif self._field is not None and tag == self._field[0]:
            self._close_field()
        elif tag == "time" and self.drafts and (not self.odd or self.odd[-1][0] != self.getpos()[0]):
            self.odd.append((self.getpos()[0], "</time>"))

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            text = _SPACE.sub(" ", data)
            if self._field is None and self.drafts and _LOOSE.match(text):
                self.odd.append((self.getpos()[0], text.strip()[:40]))
            self._say(text) if self._field is None else self._held.append(text)

    def close(self) -> None:
        super().close()
        self._close_field()
        self._finish()

    def _close_field(self) -> None:
        """Interprets the text of a field as a time or speaker, or else as text."""
        if self._field is None:
            return
        (tag, kind), text = self._field, "".join(self._held)
        self._field, self._held = None, []
        seconds = clock_seconds(text.strip().strip("[]() "))
        if seconds is not None:
            self._finish()
            self.times.append(text.strip().strip("[]() "))
            self.drafts.append(Draft(seconds, None, "", self._speaker, line=self.getpos()[0]))
        elif tag == "time" and self.drafts:
            begins = _BEGINS.match(text)
            self.odd.append((self.getpos()[0], " ".join(text.split())[:40]))
            self._finish()
            start = clock_seconds(begins[1]) if begins else None
            self.drafts.append(Draft(start, None, "", self._speaker, line=self.getpos()[0]))
            self.times.append("")
            self._say(text[begins.end() :] if begins else text)
        elif tag == "cite" or (tag == "span" and ("speaker" in kind or "cite" in kind)):
            self._speaker = text.strip().rstrip(":： ")
            if self.drafts and not any(map(str.strip, self._said)):
                self.drafts[-1].speaker = self._speaker
        else:
            self._say(text)

    def _say(self, text: str) -> None:
        if self.drafts:
            self._said.append(text)
        elif text.strip() and not self.before:
            self.before = self.getpos()[0]

    def _finish(self) -> None:
        """Gives the last draft the text since its time."""
        if self.drafts:
            self.drafts[-1].text = "".join(self._said)
            self._said = []
