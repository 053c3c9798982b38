"""What is read from a feed, and what is refused."""

from __future__ import annotations

import pytest
from support.transcripts.feeds import HEAD, rss

from indexer.core.feed_types import FileLink, Item
from indexer.core.types import Chapter
from indexer.metadata.feeds.facts import all_chapters
from indexer.metadata.feeds.parse import FeedProblem, parse_feed

BASE = "https://example.org/show/feed.xml"

FULL = """
<title>海底的光</title><guid isPermaLink="false">light-1</guid><link>/e/1</link>
<pubDate>Sun, 08 Jun 2025 23:30:00 +0800</pubDate>
<enclosure url="audio/sea.mp3?t=1" type="audio/mpeg" length="1"/>
<itunes:duration>1:00:00</itunes:duration><itunes:episode>12</itunes:episode>
<description>00:00 开场\n12:30 谈谈开源</description>
<content:encoded><![CDATA[<p>00:00 开场</p><p>12:30 谈谈开源</p><p>59:00 结束</p>]]></content:encoded>
<psc:chapters><psc:chapter start="0" title="开场"/><psc:chapter start="12:30.5" title="开源"/></psc:chapters>
<podcast:soundbite startTime="33.5" duration="10">一句好话</podcast:soundbite>
<podcast:soundbite startTime="60" duration="5"/>
<podcast:person role="host">林晚</podcast:person><podcast:person role="guest">老周</podcast:person>
<podcast:person group="visuals">画家</podcast:person>
<podcast:chapters url="c.json" type="application/json+chapters"/>
<podcast:transcript url="t.vtt" type="text/vtt" language="zh"/>
<podcast:transcript url="https://cdn.example.org/t.srt" type="application/srt"/>
"""


def items(data: bytes, base: str = BASE) -> tuple[Item, ...]:
    return parse_feed(data, "feed", base).items


def complaints(data: bytes) -> list[str]:
    return [str(complaint) for complaint in parse_feed(data, "feed").complaints]


def test_an_item_tells_all_it_has() -> None:
    feed = parse_feed(rss(FULL, more="<language>zh_CN</language>"), "feed", BASE)
    assert feed.title == "回声机房"
    assert feed.complaints == ()
    assert feed.items == (
        Item(
            guid="light-1",
            title="海底的光",
            date="2025-06-08",
            audio="https://example.org/show/audio/sea.mp3?t=1",
            link="https://example.org/e/1",
            duration=3600.0,
            language="zh-CN",
            number=12,
            speakers=("林晚", "老周"),
            chapters=(Chapter(0.0, "开场"), Chapter(750.5, "开源")),
            soundbites=(Chapter(33.5, "一句好话", 43.5, "soundbite"), Chapter(60.0, "…", 65.0, "soundbite")),
            stamps=(
                Chapter(0.0, "开场", kind="note"),
                Chapter(750.0, "谈谈开源", kind="note"),
                Chapter(3540.0, "结束", kind="note"),
            ),
            chapters_at="https://example.org/show/c.json",
            transcripts=(
                FileLink("https://example.org/show/t.vtt", "text/vtt", "zh"),
                FileLink("https://cdn.example.org/t.srt", "application/srt", ""),
            ),
        ),
    )


def test_an_item_without_anything_tells_nothing() -> None:
    assert items(rss("", "")) == (Item(), Item())


def test_an_atom_feed_is_read_as_well() -> None:
    feed = parse_feed(
        """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>回声</title><entry><id>urn:1</id>
        <title>甲</title><published>2025-06-08T00:30:00+08:00</published><link href="https://e.org/1"/>
        <link rel="enclosure" href="https://e.org/1.mp3" type="audio/mpeg"/></entry></feed>""".encode(),
        "feed",
    )
    (item,) = feed.items
    assert (feed.title, item.guid, item.title, item.date) == ("回声", "urn:1", "甲", "2025-06-08")
    assert (item.link, item.audio) == ("https://e.org/1", "https://e.org/1.mp3")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Sun, 08 Jun 2025 00:30:00 +0800", "2025-06-08"),
        ("Sun, 08 Jun 2025 23:30:00 -0700", "2025-06-08"),
        ("2025-06-08T00:30:00+08:00", "2025-06-08"),
        ("08 Jun 2025", "2025-06-08"),
    ],
)
def test_the_day_is_that_of_the_items_own_zone(written: str, day: str) -> None:
    assert items(rss(f"<pubDate>{written}</pubDate>"))[0].date == day


def test_a_broken_date_is_told_and_left_out() -> None:
    data = rss("<title>甲</title><pubDate>gestern\x7f</pubDate>")
    assert items(data)[0].date is None
    assert complaints(data) == ["feed: item 1 (甲) has a date that cannot be read: gestern: left out"]


def test_two_items_of_one_guid_are_told() -> None:
    data = rss("<guid>a</guid>", "<guid>a</guid>", "<guid>b</guid>")
    assert complaints(data) == ["feed: 2 items have the guid a: told apart by their other facts"]


def test_podcast_elements_are_found_whatever_their_prefix_is() -> None:
    data = rss("<p:person>甲</p:person>").replace(b"xmlns:podcast", b"xmlns:p")
    assert items(data)[0].speakers == ("甲",)


def test_persons_of_the_show_are_those_of_an_item_without_any_and_live_items_are_neither() -> None:
    live = "<podcast:liveItem><podcast:person>客</podcast:person></podcast:liveItem>"
    data = rss("", "<podcast:person>乙</podcast:person>", more="<podcast:person>甲</podcast:person>" + live)
    assert [item.speakers for item in items(data)] == [("甲",), ("乙",)]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "http://[", "mailto:a@b", "//"])
def test_links_that_are_no_web_address_are_left_out(address: str) -> None:
    (item,) = items(rss(f'<link>{address}</link><enclosure url="{address}"/>'), "")
    assert (item.link, item.audio) == (None, None)


def test_titles_are_one_line_of_text() -> None:
    (item,) = items(rss("<title>&lt;b&gt;甲&lt;/b&gt; &amp;amp;\n 乙&#x202e;31m</title>"))
    assert item.title == "甲 & 乙31m"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8"])
def test_other_encodings_are_read_with_their_podcast_elements(encoding: str) -> None:
    text = rss("<title>聲音</title><podcast:person>甲</podcast:person>").decode()
    (item,) = items(f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding))
    assert (item.title, item.speakers) == ("聲音", ("甲",))


def test_a_feed_that_is_not_well_formed_is_read_and_told() -> None:
    data = rss("<title>甲</title><podcast:person>林</podcast:person>", "<title>A & B</title>", "<title>丙</title>")
    assert [item.title for item in items(data)] == ["甲", "A & B", "丙"]
    assert items(data)[0].speakers == ("林",)
    assert complaints(data) == [
        "feed: not well-formed XML (line 1: not well-formed (invalid token)): "
        "read as well as it can be, podcast: elements only before that"
    ]


def bomb(levels: int = 9) -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, levels))
    return f'<!DOCTYPE rss [<!ENTITY a0 "ha">{entities}]>'.encode() + rss(f"<title>&a{levels - 1};</title>")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"<!DOCTYPE html><html><body>hi</body></html>", "this is a web page, not a feed"),
        (b"\xef\xbb\xbf\n<HTML>", "this is a web page, not a feed"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "this is no feed: not well-formed XML"),
        (b"<a/>", "this is no feed: neither RSS nor Atom"),
        (b"\x00\x01\x02\xff", "this is no feed"),
        (bomb(), "declares the entity 'a1'"),
        (b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + rss("<title>&x;</title>"), "the entity 'x'"),
        (b'<!DOCTYPE rss [<!ENTITY x "' + b"a" * 100_000 + b'">]>' + rss("&x;" * 9), "the entity 'x'"),
        (b"<!DOCTYPE rss [<!ATTLIST item a CDATA 'b'>]>" + rss("<title>a</title>"), "the attributes of 'item'"),
        (HEAD.encode() + b"<a>" * 1_000_000, "more than 100 deep"),
        (HEAD.encode() + b"<a " + b" ".join(b"a%d='1'" % n for n in range(101)) + b"/>", "more than 100 attributes"),
        (HEAD.encode() + b"<channel>" + b"<a/>" * 600_000 + b"</channel></rss>", "more than 500,000 elements"),
        (HEAD.encode() + b"<channel>" + b"<item/>" * 100_000, "more than 50,000 items"),
        (HEAD.encode() + b"<channel><item><description>" + b"x" * 10_000_000, "is too long for shownotes"),
        (HEAD.encode() + b"<channel>&" + b"<a/>" * 600_000, "too large to be mended"),
        (HEAD.encode() + b"<channel>&" + b"<item/>" * 1_300_000, "too large to be mended"),
    ],
    ids=range(18),
)
def test_what_is_no_feed_is_refused_in_one_line(data: bytes, what: str) -> None:
    with pytest.raises(FeedProblem, match=what) as refused:
        parse_feed(data, "feed")
    assert "\n" not in str(refused.value)


def test_an_entity_for_a_character_is_no_bomb() -> None:
    data = b'<!DOCTYPE rss [\n<!ENTITY nbsp "&#160;">\n]>\n' + rss("<title>a&nbsp;b</title>")
    assert items(data)[0].title == "a b"


def test_times_of_the_shownotes_are_chapters_only_where_there_are_no_others() -> None:
    stamps = (Chapter(0.0, "开场", kind="note"), Chapter(90.0, "细节", kind="note"))
    bite = Chapter(30.0, "好话", 40.0, "soundbite")
    assert all_chapters((), (bite,), stamps) == (Chapter(0.0, "开场"), bite, Chapter(90.0, "细节"))
    assert all_chapters((Chapter(1.0, "序"),), (bite,), stamps) == (Chapter(1.0, "序"), bite, stamps[1])


@pytest.mark.parametrize("name", ["punycode", "undefined", "idna", "unicode_escape"])
def test_what_is_no_encoding_is_refused(name: str) -> None:
    with pytest.raises(FeedProblem, match=f"no feed is in the encoding {name}"):
        parse_feed(f"<?xml version='1.0' encoding='{name}'?>".encode() + rss("<title>a</title>"), "x")


@pytest.mark.parametrize("digits", [9, 5000, 100_000])
def test_a_number_of_no_character_is_text(digits: int) -> None:
    number = "&amp;#" + "9" * digits + ";"
    feed = parse_feed(rss(f"<title>a</title><description>0:00 a{number}&lt;br&gt;0:10 b</description>"), "x")
    assert [stamp.start for stamp in feed.items[0].stamps] == [0.0, 10.0]
