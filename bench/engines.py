"""Nodes for trials and tests: how each is built out of artifacts of Maven Central, and which settings it gets.

OpenSearch 2.19.6; the same with the security plugin (2.19.4, the last that is there); Elasticsearch 7.10.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent.parent / "tests" / "opensearch"
_SOURCE = "src/main/java/podseek/Launcher.java"


@dataclass(frozen=True, slots=True)
class Engine:
    """Where its pom lies, the setting that names the nodes which may manage a new cluster, and options of Java."""

    folder: Path
    managers: str = "cluster.initial_cluster_manager_nodes"
    java: tuple[str, ...] = ()

    @property
    def target(self) -> Path:
        return self.folder / "target"

    @property
    def class_path(self) -> str:
        """What Java loads: our launcher, then the engine, then a plugin with libraries of its own."""
        return ":".join([str(self.target / "classes"), f"{self.target}/lib/*", *self._more()])

    def _more(self) -> Iterator[str]:
        if self is SECURED:
            yield f"{self.target}/security/*"

    @property
    def is_built(self) -> bool:
        """Whether the libraries are there, and a launcher made from the source as it is now."""
        made = self.target / "classes" / "podseek" / "Launcher.class"
        source = OPENSEARCH.folder / _SOURCE
        return (self.target / "lib").is_dir() and made.is_file() and made.stat().st_mtime >= source.stat().st_mtime

    def prepare(self) -> None:
        """Writes the source that differs from that of OpenSearch in names only."""
        if self is ELASTICSEARCH:
            source = (OPENSEARCH.folder / _SOURCE).read_text("utf-8")
            target = self.target / "java" / "podseek" / "Launcher.java"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(source.replace("org.opensearch", "org.elasticsearch"), "utf-8")


OPENSEARCH = Engine(_FOLDER / "launcher")
ELASTICSEARCH = Engine(_FOLDER / "elasticsearch", "cluster.initial_master_nodes")
SECURED = Engine(_FOLDER / "secured", java=("-Dpodseek.plugin=org.opensearch.security.OpenSearchSecurityPlugin",))
ENGINES = {"opensearch": OPENSEARCH, "elasticsearch": ELASTICSEARCH, "secured": SECURED}
