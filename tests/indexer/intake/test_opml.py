"""Files of subscriptions: those of podcast apps are read, what is written is read back, hostile ones are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.damage.hostile_feeds import attributes, entities
from support.front_ends.commands import called
from support.transcripts.feeds import Site, rss

from indexer.intake.opml import OpmlProblem, Subscription, Subscriptions, is_opml, opml_lines, read_subscriptions
from indexer.store.library.sources import LibrarySource, add_sources, read_sources

EXPORTED = """\
<?xml version="1.0" encoding="utf-8"?>
<!-- exported -->
<opml version="1.0">
  <head><title>订阅</title></head>
  <body>
    <outline text="feeds">
      <outline type="rss" text="回声机房" xmlUrl="https://example.org/echo.xml?a=1&amp;b=2" htmlUrl="https://example.org"/>
      <OUTLINE TYPE="rss" TITLE="Tea" TEXT="t" XMLURL="https://example.org/tea.xml"/>
      <outline text="again" xmlUrl="https://example.org/tea.xml"/>
      <outline text="folder"/>
      <outline text="local" xmlUrl="file:///etc/passwd"/>
    </outline>
  </body>
</opml>
"""
FEEDS = [
    Subscription("https://example.org/echo.xml?a=1&b=2", "回声机房"),
    Subscription("https://example.org/tea.xml", "Tea"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "podcasts.xml"
    path.write_text(EXPORTED, "utf-8")
    return path


def test_what_an_app_exports_is_read(file: Path) -> None:
    assert is_opml(file)
    assert read_subscriptions(file) == Subscriptions(FEEDS, ["file:///etc/passwd"])
    file.write_bytes(EXPORTED.replace('"utf-8"', '"gb18030"').encode("gb18030"))
    assert read_subscriptions(file).feeds == FEEDS
    file.write_bytes(rss("<title>1</title>"))
    assert not is_opml(file)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    feeds = [*FEEDS, Subscription("https://example.org/x", "a \"b\" <c> & 'd' \x07\ufffe")]
    path = tmp_path / "mine.opml"
    path.write_text("\n".join(opml_lines(feeds)), "utf-8")
    assert read_subscriptions(path).feeds == [*FEEDS, Subscription("https://example.org/x", "a \"b\" <c> & 'd'")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not well-formed XML"),
        (b"<opml><body>", ":1: not well-formed XML"),
        (b"<rss/>", "is not an OPML file"),
        (b"<opml>" + b"<outline>" * 200, "too deep"),
        (b"<opml>" + b"<outline/>" * 100_001 + b"</opml>", "too many outlines"),
        *((entities(kind).replace(b"rss", b"opml"), "declares the entity") for kind in ("laughs", "file", "quadratic")),
        (attributes("opml"), "declares the attributes"),
    ],
    ids=["empty", "cut", "feed", "deep", "many", "laughs", "file", "quadratic", "attributes"],
)
def test_what_is_no_list_of_subscriptions_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "odd.opml"
    path.write_bytes(content)
    with pytest.raises(OpmlProblem, match=said):
        read_subscriptions(path)


def test_the_feeds_of_a_file_are_added_updated_and_exported(tmp_path: Path, site: Site) -> None:
    index, file = tmp_path / "index", tmp_path / "mine.opml"
    for name in ("one", "two"):
        site.pages[f"/{name}.xml"] = rss("<title>1</title><guid>1</guid>", title=name)
    feeds = [site.url("/one.xml"), site.url("/two.xml")]
    file.write_text("\n".join(opml_lines(map(Subscription, feeds))), "utf-8")
    assert "2 feeds in it are not added" in called("update", file, index=index).err
    assert called("add", file, index=index).code == 0
    assert [source.place for source in read_sources(index)] == feeds
    add_sources(index, [LibrarySource(str(tmp_path))])
    run = called("sources", "--opml", index=index)
    assert (run.code, run.err) == (0, "1 folder or file is not in it: OPML lists feeds\n")
    file.write_text(run.out, "utf-8")
    assert read_subscriptions(file).feeds == [Subscription(feeds[0], "one"), Subscription(feeds[1], "two")]
    assert [line for line in called("update", file, index=index).err.splitlines() if line.startswith("Feed ")] == [
        "Feed one: 1 item, 1 without a transcript here",
        "Feed two: 1 item, 1 without a transcript here",
    ]
