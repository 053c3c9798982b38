"""Where a cluster is and who asks it: addresses, credentials, and what never reaches a message."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.nodes.reached import ADDRESS, NOTHING

from indexer.core.configuration.secret import Secret
from indexer.core.errors import PodseekProblem
from indexer.store.cluster.transport.address import AddressProblem, ClusterNode, parse_address
from indexer.store.cluster.transport.client import Cluster
from indexer.store.cluster.transport.connection import Connections, Untrusted
from indexer.store.cluster.transport.credentials import Credentials, CredentialsProblem, read_credentials

SECRET = "s3cret-pass"


def test_an_address_names_nodes_and_a_library() -> None:
    address = parse_address("https://a.example.org:9201,[::1],b/podcasts.2026_")
    assert address.nodes == (ClusterNode("a.example.org", 9201), ClusterNode("[::1]", 9200), ClusterNode("b", 9200))
    assert (address.scheme, address.library) == ("https", "podcasts.2026_")
    assert address.shown == "https://a.example.org:9201/podcasts.2026_"


@pytest.mark.parametrize(
    "text",
    [
        "https://host:9200",
        "https://host:9200/",
        "https://host:9200/Podcasts",
        "https://host:9200/pod-casts",
        "https://host:9200/_all",
        "https://host:9200/*",
        "https://host:9200/a,b",
        "https://host:9200/a/b",
        "https://host:99999/a",
        "https://host:0/a",
        "https://ho st/a",
        "https://host/a?x=1",
        "https://,/a",
        "ftp://host/a",
        "https://host/..",
    ],
)
def test_what_is_no_address_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(AddressProblem) as raised:
        parse_address(text)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("text", ["", " \t"])
def test_an_address_that_is_empty_is_said_to_be(text: str) -> None:
    with pytest.raises(AddressProblem, match=r"is empty: one looks like https://search\.example\.org:9200/podcasts"):
        parse_address(text)


def test_an_address_with_a_password_is_refused_without_repeating_it() -> None:
    with pytest.raises(AddressProblem) as raised:
        parse_address(f"https://me:{SECRET}@host:9200/a")
    assert SECRET not in str(raised.value)


def test_credentials_come_from_the_environment_or_a_file(tmp_path: Path) -> None:
    path = tmp_path / "credentials"
    path.write_text(f"# of the cluster\nuser = me\npassword = {SECRET}\n", "utf-8")
    of_file = read_credentials({"PODSEEK_BACKEND_CREDENTIALS": str(path)})
    of_variables = read_credentials({"PODSEEK_BACKEND_USER": "me", "PODSEEK_BACKEND_PASSWORD": SECRET})
    assert of_file == of_variables
    assert of_file.header.reveal() == "Basic bWU6czNjcmV0LXBhc3M="
    assert read_credentials({"PODSEEK_BACKEND_TOKEN": "abc"}).header.reveal() == "Bearer abc"
    assert not read_credentials({}).header.reveal()
    assert SECRET not in repr(of_file)


@pytest.mark.parametrize(
    ("environment", "text"),
    [
        ({"PODSEEK_BACKEND_USER": "me"}, ""),
        ({"PODSEEK_BACKEND_PASSWORD": SECRET}, ""),
        ({"PODSEEK_BACKEND_USER": "me", "PODSEEK_BACKEND_PASSWORD": f"{SECRET}\r\nX: y"}, ""),
        ({"PODSEEK_BACKEND_USER": "m:e", "PODSEEK_BACKEND_PASSWORD": SECRET}, ""),
        ({"PODSEEK_BACKEND_TOKEN": f"{SECRET} 钥匙"}, ""),
        ({}, f"pass word {SECRET}"),
        ({}, f"pasword = {SECRET}"),
    ],
)
def test_credentials_that_cannot_be_used_are_refused_without_repeating_them(
    environment: dict[str, str], text: str, tmp_path: Path
) -> None:
    if text:
        path = tmp_path / "credentials"
        path.write_text(text, "utf-8")
        environment = {"PODSEEK_BACKEND_CREDENTIALS": str(path)}
    with pytest.raises(CredentialsProblem) as raised:
        read_credentials(environment)
    assert SECRET not in str(raised.value)


def test_a_missing_file_of_credentials_or_certificates_is_named(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    with pytest.raises(CredentialsProblem, match="missing"):
        read_credentials({"PODSEEK_BACKEND_CREDENTIALS": missing})
    with pytest.raises(Untrusted, match="PODSEEK_BACKEND_CA"):
        Connections(parse_address("https://host/a"), Credentials(Secret(), missing))


def test_credentials_are_sent_in_the_open_to_this_machine_only() -> None:
    header = Secret(f"Bearer {SECRET}")
    with pytest.raises(Untrusted) as raised:
        Connections(parse_address("http://10.0.0.1/a"), Credentials(header))
    assert SECRET not in str(raised.value)
    for here in ("http://127.0.0.1/a", "http://localhost/a", "http://[::1]/a"):
        Connections(parse_address(here), Credentials(header))


def test_the_environment_is_read_if_no_credentials_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PODSEEK_BACKEND_USER", "me")
    with pytest.raises(PodseekProblem, match="without a password"):
        Cluster(parse_address(ADDRESS))
    Cluster(parse_address(ADDRESS), NOTHING)
