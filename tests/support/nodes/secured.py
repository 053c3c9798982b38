"""A real node with the security plugin: TLS on both of its ports, certificates of an authority made for it, and users.

`writer` has the rights that docs/opensearch.md names for those who index, `reader` those for who only search,
`stranger` none.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from opensearch_node import NodeProblem, Nodes, build, interrupted_by_sigterm
from shared.engines import SECURED
from shared.node import Access

PASSWORDS = {"admin": "admin-secret", "writer": "writer-secret", "reader": "reader-secret", "stranger": "reader-secret"}
_HASHES = {
    "admin-secret": "$2y$12$L/J3YHWgDtJFaOx72qRdwOpc8weLsNTQFIztcSCwVgTp0fJPeIAua",
    "writer-secret": "$2y$12$yppI9MkiYx1AEc905uJfTOMNd7Iw.SqTF7x5IbMjZQfVg4zCjuO8O",
    "reader-secret": "$2y$12$LXht0VterteUqUCH/bLIcup6Bodkd1LBth.ziXuTc3SjIE1wa7TYi",
}
_WRITES = (
    *("create_index", "delete", "index", "read", "manage_aliases"),
    *("indices:admin/refresh*", "indices:admin/get", "indices:admin/delete"),
    *("indices:admin/aliases/get", "indices:monitor/*"),
)
_WRITES_CLUSTER = ("cluster:monitor/health", "cluster:monitor/state", "cluster_composite_ops")
_READS, _READS_CLUSTER = ("read", "indices:monitor/stats"), ("cluster_composite_ops_ro",)
_SSL = {
    f"plugins.security.ssl.{layer}.{name}": value
    for layer in ("transport", "http")
    for name, value in {
        "pemcert_filepath": "node.pem",
        "pemkey_filepath": "node.key",
        "pemtrustedcas_filepath": "ca.pem",
    }.items()
}
_SETTINGS = {
    **_SSL,
    "plugins.security.ssl.http.enabled": "true",
    "logger.org.opensearch.security": "INFO",
    "plugins.security.ssl.transport.enforce_hostname_verification": "false",
    "plugins.security.allow_default_init_securityindex": "true",
    "plugins.security.nodes_dn": "CN=node",
    "plugins.security.authcz.admin_dn": "CN=nobody",
}

_SIGNS = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")


@contextmanager
def secured_node(library: str) -> Iterator[tuple[Nodes, Path]]:
    """A running node, whose users may use the library with this name, and a folder with `ca.pem`, the authority that
    signed its certificate, and `other.pem`, one that did not. SIGTERM interrupts the block. Raises NodeProblem."""
    if shutil.which("openssl") is None:
        raise NodeProblem("openssl is not installed: it makes the certificates of the node")
    build(SECURED)
    with interrupted_by_sigterm(), TemporaryDirectory(prefix="podseek-secured-") as folder:
        home = Path(folder)
        access = Access(home / "ca.pem", "admin", PASSWORDS["admin"])
        nodes = Nodes(1, home / "nodes", _SETTINGS, quick=True, engine=SECURED, access=access)
        make_certificates(home)
        config = nodes.home(0) / "config"
        _configure(config, library)
        for name in ("ca.pem", "node.pem", "node.key"):
            (config / name).write_bytes((home / name).read_bytes())
        try:
            nodes.start(0)
            yield nodes, home
        finally:
            nodes.stop()


def make_certificates(folder: Path) -> None:
    """Writes two authorities, `ca` and `other`, and a certificate of the first for this machine (`node`)."""
    for name in ("ca", "other"):
        made = ("-subj", f"/CN={name}", "-days", "30", "-out", f"{name}.pem")
        _openssl(folder, "req", "-x509", *_key(name), *made, *_SIGNS)
    _openssl(folder, "req", *_key("node"), "-subj", "/CN=node", "-out", "node.csr")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\nauthorityKeyIdentifier=keyid\n")
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30", "-extfile", "names")
    _openssl(folder, "x509", "-req", "-in", "node.csr", *signed, "-out", "node.pem")


def _key(name: str) -> list[str]:
    return ["-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key"]


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def _configure(config: Path, library: str) -> None:
    """Writes the files from which the plugin makes its index at the first start."""
    folder = config / "opensearch-security"
    folder.mkdir(parents=True)
    for path in (SECURED.target / "security" / "config").glob("*.yml"):
        (folder / path.name).write_bytes(path.read_bytes())
    users = "".join(
        f'{name}:\n  hash: "{_HASHES[password]}"\n  backend_roles: [{name}]\n' for name, password in PASSWORDS.items()
    )
    roles = _role("writing", library, _WRITES, _WRITES_CLUSTER) + _role("reading", library, _READS, _READS_CLUSTER)
    mapped = {"writing": "writer", "reading": "reader", "all_access": "admin"}
    mapping = "".join(f"{role}:\n  backend_roles: [{user}]\n" for role, user in mapped.items())
    _write(folder, {"internal_users": ("internalusers", users), "roles": ("roles", roles)})
    _write(folder, {"roles_mapping": ("rolesmapping", mapping)})


def _role(name: str, library: str, index: tuple[str, ...], cluster: tuple[str, ...]) -> str:
    def listed(names: tuple[str, ...]) -> str:
        return "[" + ", ".join(f'"{one}"' for one in names) + "]"

    patterns = listed((library, f"{library}-*"))
    return (
        f"{name}:\n  cluster_permissions: {listed(cluster)}\n  index_permissions:\n"
        f"  - index_patterns: {patterns}\n    allowed_actions: {listed(index)}\n"
    )


def _write(folder: Path, files: Mapping[str, tuple[str, str]]) -> None:
    for name, (kind, text) in files.items():
        (folder / f"{name}.yml").write_text(f'_meta:\n  type: "{kind}"\n  config_version: 2\n{text}', "utf-8")
