"""A server of embeddings may fail in every way: one line says which, and the key is in none."""

from __future__ import annotations

import json
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from support.transcripts.embeddings import Heard, Said, answered, embedding_server, vector_of

from indexer.core.configuration.secret import Secret
from indexer.core.configuration.settings import Config
from indexer.core.embedding.embedder import NoMeaning
from indexer.core.embedding.server import EmbeddingServer, address_of
from indexer.core.embedding.settings import MeaningSettings, read_meaning_settings

KEY = "sk-quite-secret-0123456789"


def asking(url: str, waits: list[float] | None = None, **more: Any) -> EmbeddingServer:
    settings = MeaningSettings(url, "small", Secret(KEY), **more)
    return EmbeddingServer(settings, [].append if waits is None else waits.append, lambda: 0.5)


def of(texts: Sequence[str], *vectors: object) -> Said:
    listed = [{"index": at, "embedding": vector} for at, vector in enumerate(vectors)]
    return Said(body=json.dumps({"data": listed}).encode())


def test_the_vectors_come_in_the_order_of_the_texts_whatever_the_server_does() -> None:
    with embedding_server() as (url, heard):
        found = asking(url, passage_prefix="passage: ").passages(["电池", "裁员"])
    assert found == [vector_of("电池"), vector_of("裁员")]
    assert heard[0].texts == ["passage: 电池", "passage: 裁员"]
    assert (heard[0].path, heard[0].model) == ("/v1/embeddings", "small")
    assert heard[0].headers["Authorization"] == f"Bearer {KEY}"


def test_a_question_has_its_own_prefix() -> None:
    with embedding_server() as (url, heard):
        asking(url, question_prefix="query: ").question("为什么没电")
    assert heard[0].texts == ["query: 为什么没电"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_failure_is_tried_again_after_longer_and_longer_waits(status: int) -> None:
    waits: list[float] = []
    said = iter([Said(status), Said(status), Said(status, headers={"Retry-After": "7"})])
    with embedding_server(lambda heard: next(said, None) or answered(heard.texts)) as (url, _):
        assert asking(url, waits).passages(["电池"]) == [vector_of("电池")]
    assert waits == [0.5, 1.0, 7.0]


def test_it_gives_up_in_one_line_that_names_the_server() -> None:
    waits: list[float] = []
    said = Said(500, b'{"error": {"message": "out of memory"}}')
    with embedding_server(lambda heard: said) as (url, heard), pytest.raises(NoMeaning) as problem:
        asking(url, waits).passages(["电池"])
    assert len(heard) == 5 and len(waits) == 4
    assert str(problem.value).startswith(f"{url}/v1/embeddings: it answers 500 (out of memory)")
    assert "\n" not in str(problem.value)


VECTOR = [1.0, 2.0]
BROKEN: dict[str, Callable[[Heard], Said]] = {
    "not JSON": lambda heard: Said(body=b"<html>"),
    "other JSON": lambda heard: Said(body=b'{"data": 7}'),
    "deep JSON": lambda heard: Said(body=b"[" * 100_000),
    "too few": lambda heard: of(heard.texts, VECTOR),
    "too many": lambda heard: of(heard.texts, VECTOR, VECTOR, VECTOR),
    "one twice": lambda heard: Said(body=b'{"data": [' + b", ".join([b'{"index": 0, "embedding": [1]}'] * 2) + b"]}"),
    "not a number": lambda heard: of(heard.texts, VECTOR, [float("nan"), 1.0]),
    "infinite": lambda heard: of(heard.texts, VECTOR, [float("inf"), 1.0]),
    "a text": lambda heard: of(heard.texts, VECTOR, ["1.0", 1.0]),
    "base64": lambda heard: of(heard.texts, VECTOR, "AACAPwAAAEA="),
    "zero": lambda heard: of(heard.texts, VECTOR, [0.0, 0.0]),
    "empty": lambda heard: of(heard.texts, VECTOR, []),
    "another length": lambda heard: of(heard.texts, VECTOR, [1.0, 2.0, 3.0]),
    "redirect": lambda heard: Said(307, headers={"Location": "http://192.0.2.1/v1/embeddings"}),
    "no key": lambda heard: Said(401, json.dumps({"error": {"message": f"wrong key {KEY}"}}).encode()),
    "bad request": lambda heard: Said(400, json.dumps({"error": f"no model for {KEY}"}).encode()),
    "not there": lambda heard: Said(404),
    "huge": lambda heard: Said(body=b" " * (3 << 20)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_wrong_answer_is_refused_at_once_and_tells_no_key(name: str) -> None:
    with embedding_server(BROKEN[name]) as (url, heard), pytest.raises(NoMeaning) as problem:
        asking(url).passages(["电池", "裁员"])
    assert len(heard) == 1
    assert KEY not in str(problem.value) and "\n" not in str(problem.value)
    assert str(problem.value).startswith(url)


def test_a_later_answer_of_another_length_is_refused() -> None:
    said = iter([VECTOR, [1.0]])
    with embedding_server(lambda heard: of(heard.texts, next(said))) as (url, _):
        server = asking(url)
        server.passages(["电池"])
        with pytest.raises(NoMeaning, match="1 numbers after vectors of 2"):
            server.question("裁员")


def test_a_slow_server_is_not_waited_for_and_not_asked_again_for_a_while() -> None:
    def slow(heard: Heard) -> Said:
        time.sleep(1.0)
        return answered(heard.texts)

    with embedding_server(slow) as (url, heard):
        server = asking(url, timeout=0.05)
        for _ in range(3):
            with pytest.raises(NoMeaning, match=r"no answer within 0\.05 s"):
                server.question("为什么没电")
        assert len(heard) <= 2


@pytest.mark.parametrize(("after", "waited"), [("0", [0.5]), ("7", [])])
def test_a_question_is_asked_again_only_within_its_five_seconds(after: str, waited: list[float]) -> None:
    waits: list[float] = []
    with (
        embedding_server(lambda heard: Said(503, headers={"Retry-After": after})) as (url, heard),
        pytest.raises(NoMeaning, match="503"),
    ):
        asking(url, waits).question("为什么没电")
    assert (len(heard), waits) == (1 + len(waited), waited)


def test_a_slow_server_costs_a_question_one_wait_not_two() -> None:
    with embedding_server(lambda heard: time.sleep(1.0) or answered(heard.texts)) as (url, heard):
        with pytest.raises(NoMeaning, match="no answer within"):
            asking(url, timeout=0.05).question("为什么没电")
        assert len(heard) <= 1


def test_a_server_that_is_not_there_is_told() -> None:
    with embedding_server() as (url, _):
        pass
    with pytest.raises(NoMeaning, match="cannot be reached"):
        asking(url).question("为什么没电")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A certificate that nobody vouches for, and its key."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*command, "-keyout", str(path), "-out", f"{path}.crt"], check=True, capture_output=True)
    path.write_text(path.read_text("ascii") + Path(f"{path}.crt").read_text("ascii"), "ascii")
    yield path


@pytest.mark.needs("openssl")
def test_a_server_whose_certificate_is_not_trusted_gets_nothing(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with embedding_server(tls=context) as (url, heard), pytest.raises(NoMeaning, match=r"(?i)certificate"):
        asking(url).passages(["电池"])
    assert heard == []


@pytest.mark.parametrize("url", ["", "localhost:11434", "ftp://a/v1", "http://", "http://[::1", "https://user:pw@a/v1"])
def test_an_address_that_is_none_is_refused_without_being_asked(url: str) -> None:
    with pytest.raises(NoMeaning) as problem:
        address_of(url)
    assert "pw" not in str(problem.value)


def test_no_text_of_a_secret_shows_it() -> None:
    settings = read_meaning_settings({"PODSEEK_MEANING_KEY": KEY}, Config())
    assert settings.key.reveal() == KEY
    assert KEY not in f"{settings!r} {settings.key} {settings.key!r}"


def test_the_environment_comes_before_the_configuration() -> None:
    config = Config("config.toml", {"meaning": {"url": "http://a", "model": "m", "timeout": "5"}})
    settings = read_meaning_settings({"PODSEEK_MEANING_URL": "http://b"}, config)
    assert (settings.url, settings.model, settings.timeout) == ("http://b", "m", 5.0)
    assert read_meaning_settings({"PODSEEK_MEANING_URL": ""}, config).url == ""


@pytest.mark.parametrize(
    ("name", "value"), [("TIMEOUT", "0"), ("TIMEOUT", "soon"), ("TIMEOUT", "nan"), ("KEY", "a\nb"), ("KEY", "钥匙")]
)
def test_a_setting_that_does_not_fit_is_told(name: str, value: str) -> None:
    with pytest.raises(NoMeaning, match=f"PODSEEK_MEANING_{name}"):
        read_meaning_settings({f"PODSEEK_MEANING_{name}": value}, Config())
