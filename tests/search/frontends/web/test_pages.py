"""The pages as people without JavaScript read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from starlette.testclient import TestClient
from support.front_ends.web import attributes, served, words
from support.front_ends.web import page_of as page
from support.library import Tools, spaced, unlike, write_lines

from search.frontends.web import facets


@pytest.fixture(scope="module")
def tea(tiny_index: Path) -> Iterator[TestClient]:
    with served(tiny_index) as client:
        yield client


def test_the_first_page_has_the_box_the_shows_and_what_is_new(tea: TestClient) -> None:
    html = page(tea, "/")
    assert attributes(html, "action", 'id="search"') == ["/search"]
    assert attributes(html, "href", "cover") == [f"/shows/{quote(name)}" for name in ("两杯茶", "橋上風景")]
    assert [words(html).index(title) for title in ("石橋", "矿石收音机", "水开了没有")] == sorted(
        words(html).index(title) for title in ("石橋", "矿石收音机", "水开了没有")
    )


def test_a_search_in_the_address_of_the_first_page_is_searched(tea: TestClient) -> None:
    answer = tea.get("/?q=收音机&lang=zh", follow_redirects=False)
    assert (answer.status_code, unquote(answer.headers["location"])) == (303, "/search?q=收音机&lang=zh")
    assert "<mark>收音机</mark>" in tea.get("/?q=收音机", follow_redirects=True).text
    assert tea.get("/?q=%20", follow_redirects=False).status_code == 200


def test_less_than_an_hour_is_given_in_minutes(tea: TestClient, tools: Tools, tmp_path: Path) -> None:
    for address in ("/", "/episodes"):
        assert re.search(r"episodes · \d minutes?\b", words(page(tea, address)))
    write_lines(tmp_path / "show" / "long.srt", [(0.0, 4.0, "开始"), (7200.0, 7204.0, "结束")])
    with served(tools.index([tmp_path / "show"], tmp_path / "index")) as client:
        assert "1 episode · 2 hours" in words(page(client, "/"))


def test_a_search_shows_moments_with_the_matched_words_marked(tea: TestClient) -> None:
    html = page(tea, "/search?q=收音机")
    assert "<mark>收音机</mark>" in html and "<mark>收音機</mark>" in html
    assert attributes(html, "data-episode", 'class="moment"') == ["tea/radio", "bridge/stone"]
    assert attributes(html, "data-rank", 'class="moment"') == ["1", "2"]
    assert "2 moments in 2 episodes" in words(html)


def test_a_moment_leads_to_its_second_in_the_reader(tea: TestClient) -> None:
    (address,) = attributes(page(tea, '/search?q="软件无线电"'), "href", 'class="open"')
    assert address == f"/episode/tea/radio?q={quote(chr(34) + '软件无线电' + chr(34))}&at=16#t=16"
    html = page(tea, address.partition("#")[0])
    assert attributes(html, "id", 'id="t=16"') == ["t=16"]
    assert attributes(html, "src", "<audio") == ["https://example.org/tea/radio.mp3#t=16"]


def test_what_was_not_said_exactly_is_said_so(tea: TestClient) -> None:
    chinese = tea.get("/search?q=收音鸡", headers={"accept-language": "zh"}).text
    assert "没有原样出现，改查 收音鸡: 同音 收音机" in words(chinese)
    html = page(tea, "/search?q=收音鸡")
    assert "looked for instead" in words(html)
    assert "same sound" in words(html)


@pytest.mark.parametrize(
    ("query", "nowhere"),
    [
        ("收音机 zzzqqq", "zzzqqq"),
        ("收音机 zzzqqq 纠缠鬼扯", "zzzqqq, 纠缠鬼扯"),
        ("收音机纠缠鬼扯", "纠缠鬼扯"),
        ("收音机 -zzzqqq", ""),
        ("收音机都变了吗", ""),
        ("收音机 收音鸡", ""),
        ("收音机 绿茶", ""),
    ],
)
def test_words_that_are_nowhere_are_named(tea: TestClient, query: str, nowhere: str) -> None:
    address = f"/search?q={quote(query)}"
    english = words(page(tea, address))
    chinese = words(tea.get(address, headers={"accept-language": "zh"}).text)
    assert "moment" in english
    if nowhere:
        assert f"Nowhere in this index: {nowhere} " in english and f"索引里没有: {nowhere} " in chinese
    else:
        assert "Nowhere in this index" not in english and "索引里没有" not in chinese


def test_nothing_found_is_a_page_with_advice(tea: TestClient) -> None:
    html = page(tea, "/search?q=" + quote('"不存在的话"'))
    assert 'Nothing found for "不存在的话"' in words(html)


@pytest.mark.parametrize(
    ("address", "said", "link"),
    [
        ("/search?q=晚安&show=茶馆", 'show:"茶馆": no show has this name: there are 两杯茶, 橋上風景', None),
        ("/search?q=晚安&show=两杯茶", 'Without show:"两杯茶" there are 4 moments or more', None),
        ("/search?q=晚安&title=月球", 'title:"月球": no episode has this in its title', None),
        (
            '/search?q="绿茶 收音机"',
            "Without the quotes there are 3 moments or more: 绿茶 收音机",
            "/search?q=绿茶+收音机",
        ),
        (
            '/search?q="水开了没有"',
            "“水开了没有” is the title of an episode: tea/kettle shows it",
            "/episode/tea/kettle",
        ),
        ('/search?q="矿石收音 \ue0007\ue001"', "Without the quotes", None),
    ],
)
def test_an_empty_page_says_why_and_what_to_do_next_is_a_link(
    tea: TestClient, address: str, said: str, link: str | None
) -> None:
    html = page(tea, address)
    assert said in words(html)
    assert "podseek" not in words(html.partition('id="why"')[2].partition("</div>")[0])
    if link:
        assert link in map(unquote, re.findall('href="([^"]*)"', html.partition('class="why"')[2]))


def test_an_empty_page_in_chinese_says_why_in_chinese(tea: TestClient) -> None:
    html = tea.get("/search?q=晚安&title=月球", headers={"accept-language": "zh"}).text
    assert 'title:"月球": 没有一期的标题里有它' in words(html)


def test_why_nothing_is_found_is_not_asked_while_someone_types(tea: TestClient) -> None:
    address = "/search?q=晚安&show=茶馆&part=results"
    (recount,) = attributes(page(tea, address), "href", 'id="recount"')
    assert "no show has this name" not in words(page(tea, address))
    assert "no show has this name" in words(page(tea, f"{recount}&part=results"))


def test_results_are_paged_by_links(tools: Tools, tmp_path: Path) -> None:
    for number in range(25):
        write_lines(tmp_path / "show" / f"talk{number:02}.srt", spaced(["今天聊电池", unlike(number)]))
    with served(tools.index([tmp_path / "show"], tmp_path / "index")) as client:
        seen, address = [], "/search?q=电池"
        while address:
            html = page(client, address)
            assert "25 moments in 25 episodes" in words(html)
            seen += attributes(html, "data-episode", 'class="moment"')
            address = "".join(attributes(html, "href", 'id="more"'))
    assert len(seen) == len(set(seen)) == 25


def test_a_recording_with_two_transcripts_is_shown_once_and_leads_to_both(tools: Tools, tmp_path: Path) -> None:
    talk = [unlike(number) for number in range(12)]
    for name, word in (("raw", "点池"), ("right", "电池")):
        write_lines(tmp_path / "show" / f"{name}.srt", spaced([*talk, f"今天聊{word}和光缆", *talk], 10))
    with served(tools.index([tmp_path / "show"], tmp_path / "index")) as client:
        html = page(client, "/search?q=光缆")
        assert attributes(html, "data-episode", 'class="moment"') == ["show/raw"]
        assert "The same recording: right 2:01" in words(html)
        assert f"/episode/show/right?q={quote('光缆')}&at=121#t=121" in attributes(html, "href", "at=121")


def test_what_a_moment_lacks_of_what_was_typed_is_said_in_the_language_of_the_page(
    tools: Tools, tmp_path: Path
) -> None:
    write_lines(tmp_path / "show" / "a.srt", spaced(["他来纠缠我", "比方说第一次世界大战是什么"]))
    with served(tools.index([tmp_path / "show"], tmp_path / "index")) as client:
        for lang, part, most in (
            ("en", "only part of 量子纠缠机", "most of it, but not 第三"),
            ("zh-CN", "只有 量子纠缠机 的一部分", "大部分相符，除了 第三"),
        ):
            assert f"≈ {part}" in words(page(client, f"/search?q=量子纠缠机&lang={lang}"))
            assert f"≈ {most}" in words(page(client, f"/search?q=第三次世界大战&lang={lang}"))
            assert "≈" not in page(client, f"/search?q=纠缠&lang={lang}")


def test_what_there_was_no_time_to_count_is_counted_by_a_link(
    tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(15):
        write_lines(tmp_path / "show" / f"talk{number:02}.srt", spaced(["今天聊电池", "再见"]))
    with served(tools.index([tmp_path / "show"], tmp_path / "index")) as client:
        monkeypatch.setattr(facets, "IN_PASSING", 0)
        html = page(client, "/search?q=电池&exact=1")
        assert "at least 10 moments in 10 episodes" in words(html)
        assert "15 moments in 15 episodes" in words(page(client, attributes(html, "href", 'id="recount"')[0]))
        assert "15 moments in 15 episodes" in words(page(client, "/search?q=电池&exact=1"))  # it is known now


def test_facets_narrow_a_search_down(tea: TestClient) -> None:
    html = page(tea, "/search?q=收音机")
    links = {name: dict.fromkeys(attributes(html, "href", f"{name}=")) for name in ("show", "since", "speaker")}
    assert list(links["show"]) == [f"/search?q={quote('收音机')}&show={quote(n)}" for n in ("两杯茶", "橋上風景")]
    for address, amount in ((next(iter(links["show"])), 1), (f"/search?q={quote('收音机')}&since=2025&until=2025", 2)):
        assert len(attributes(page(tea, address), "data-episode", 'class="moment"')) == amount
    narrowed = page(tea, f"/search?q={quote('收音机')}&speaker={quote('陳方')}")
    assert attributes(narrowed, "data-episode", 'class="moment"') == ["bridge/stone"]
    assert f"/search?q={quote('收音机')}" in attributes(narrowed, "href", "Remove filter")


def test_only_the_results_can_be_asked_for(tea: TestClient) -> None:
    """What a script puts into #results while someone types."""
    whole, part = page(tea, "/search?q=绿茶"), page(tea, "/search?q=绿茶&part=results")
    assert "<html" not in part
    assert attributes(part, "data-start", 'class="moment"') == attributes(whole, "data-start", 'class="moment"') != []


def test_a_search_without_words_is_the_first_page(tea: TestClient) -> None:
    assert tea.get("/search?q=%20").headers["location"] == "/"


def test_the_reader_has_every_line_with_its_times(tea: TestClient) -> None:
    html = page(tea, "/episode/tea/kettle?q=水开了")
    assert attributes(html, "data-start", 'class="line"') == [f"{n * 4.0}" for n in range(14)]
    assert attributes(html, "data-end", 'class="line"') == [f"{n * 4.0 + 4}" for n in range(14)]
    assert attributes(html, "data-index", "data-how") == ["7"]
    assert html.count("<mark>水开了") == 2  # in the line, and beside it
    assert "大家好这里是两杯茶" in words(html)


def test_a_long_episode_is_read_in_pieces(tools: Tools, tmp_path: Path) -> None:
    texts = [f"第{number}句" for number in range(1500)]
    write_lines(tmp_path / "show" / "long.srt", spaced(texts, 2.0))
    with served(tools.index([tmp_path / "show"], tmp_path / "index")) as client:
        html = page(client, "/episode/show/long?at=1000")
        shown = list(map(int, attributes(html, "data-index", 'class="line"')))
        assert shown == list(range(shown[0], shown[0] + 400)) and shown[0] < 500 < shown[-1]
        seen = dict.fromkeys(shown)
        address = attributes(html, "data-piece", 'id="later"')
        while address:
            piece = page(client, address[0])
            assert "<html" not in piece
            seen |= dict.fromkeys(map(int, attributes(piece, "data-index", 'class="line"')))
            address = attributes(piece, "data-after")
        earlier = attributes(html, "href", 'id="earlier"')
        while earlier:
            html = page(client, earlier[0])
            seen |= dict.fromkeys(map(int, attributes(html, "data-index", 'class="line"')))
            earlier = attributes(html, "href", 'id="earlier"')
    assert sorted(seen) == list(range(1500))


@pytest.mark.parametrize("address", ["/episode/tea/nothing", "/nowhere", "/audio/tea/radio", "/static/x/style.css"])
def test_what_is_not_there_is_said_in_a_page(tea: TestClient, address: str) -> None:
    answer = tea.get(address)
    assert answer.status_code == 404
    assert "There is no such page" in words(answer.text)


@pytest.mark.parametrize(
    "address",
    ["/search?q=a&since=soon", "/search?q=a&offset=-1", "/search?q=茶&offset=1000", f"/search?q={'水' * 4001}"],
)
def test_a_wrong_request_is_explained_in_one_line(tea: TestClient, address: str) -> None:
    answer = tea.get(address)
    assert answer.status_code == 400
    assert "Traceback" not in answer.text and 'class="warning"' in answer.text


def test_pages_come_in_the_language_of_the_reader(tea: TestClient) -> None:
    for accepts, said in (("zh-CN,zh;q=0.9,en;q=0.8", "出自"), ("en-GB,zh;q=0.5", "moments in"), ("fr", "moments in")):
        answer = tea.get("/search?q=收音机", headers={"accept-language": accepts})
        assert said in words(answer.text)


def test_the_switch_of_the_language_is_remembered(tiny_index: Path) -> None:
    with served(tiny_index) as client:
        assert '<html lang="en"' in client.get("/").text
        (address,) = attributes(client.get("/search?q=绿茶").text, "href", 'class="language"')
        assert '<html lang="zh-CN"' in client.get(f"/search{address}").text
        assert '<html lang="zh-CN"' in client.get("/").text


def test_several_indexes_are_served_each_below_its_name(tiny_index: Path, sample_index: Path) -> None:
    with served(tiny_index, sample_index) as client:
        homes = attributes(page(client, "/"), "href", "cover")
        assert len(homes) == 2
        for home, word in zip(homes, ("绿茶", "强化学习"), strict=True):
            html = page(client, f"{home}search?q={word}")
            assert attributes(html, "data-root") == [home.rstrip("/")]
            for address in attributes(html, "href", 'class="open"'):
                assert address.startswith(home)
                page(client, address.partition("#")[0])


def test_an_index_is_named_by_its_folder_as_an_address_can_be(tools: Tools, tmp_path: Path) -> None:
    write_lines(tmp_path / "show" / "one.srt", spaced(["今天聊电池"]))
    folders = ["播客/index", "{id:path}", "a b?#%", "static", "..."]
    indexes = [tools.index([tmp_path / "show"], tmp_path / folder) for folder in folders]
    with served(*indexes, indexes[0]) as client:
        homes = attributes(page(client, "/"), "href", "cover")
        assert [unquote(home) for home in homes] == [
            *("/播客/", "/id-path/", "/a-b/", "/static-2/", "/index/", "/播客-2/"),
        ]
        for home in homes:
            assert "1 moment in 1 episode" in words(page(client, f"{home}search?q=电池"))


def test_a_new_commit_is_noticed(tools: Tools, tmp_path: Path) -> None:
    write_lines(tmp_path / "show" / "one.srt", spaced(["今天聊电池"]))
    with served(tools.index([tmp_path / "show"], tmp_path / "index")) as client:
        assert "1 moment in 1 episode" in words(page(client, "/search?q=电池"))
        write_lines(tmp_path / "show" / "two.srt", spaced(["明天聊电池"]))
        tools.index([tmp_path / "show"], tmp_path / "index")
        assert "2 moments in 2 episodes" in words(page(client, "/search?q=电池"))
        page(client, "/episode/show/two")


def test_too_many_questions_are_refused_with_advice(tiny_index: Path) -> None:
    with served(tiny_index, at_once=1, waiting=-1) as client:
        answer = client.get("/search?q=绿茶")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert "The server is busy too many questions at once" in words(answer.text)
        answer = client.get("/api/v1/search?q=绿茶")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert "ask again in a moment" in answer.json()["error"]
        assert client.get("/healthz").status_code == 200


def test_every_page_leads_to_the_description_of_the_api(tea: TestClient) -> None:
    for address in ("/", "/search?q=绿茶", "/episode/tea/radio", "/episodes", "/explore", "/terms"):
        (footer,) = re.findall(r"<footer.*?</footer>", page(tea, address), re.S)
        assert attributes(footer, "href") == ["/docs"]
    assert "openapi.json" in page(tea, "/docs")


def test_the_api_is_reached_from_the_list_of_several_indexes(tiny_index: Path, sample_index: Path) -> None:
    with served(tiny_index, sample_index) as client:
        (footer,) = re.findall(r"<footer.*?</footer>", page(client, "/"), re.S)
        assert "openapi.json" in page(client, attributes(footer, "href")[0])


@pytest.mark.parametrize(("language", "marked"), [("en", 'lang="zh"'), ("zh", None)])
def test_chinese_passages_say_so_on_a_page_in_english(tea: TestClient, language: str, marked: str | None) -> None:
    for address, kind in (("/search?q=绿茶", "cue"), ("/episode/tea/kettle?q=水开了", "line")):
        html = tea.get(address, headers={"accept-language": language}).text
        passages = re.findall(rf'<li class="{kind}".*?</li>', html, re.S)
        assert passages
        assert [(marked or "lang=") in one for one in passages] == [marked is not None] * len(passages)
