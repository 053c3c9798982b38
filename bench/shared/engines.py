"""Nodes for trials and tests: how each is built out of artifacts of Maven Central, and which settings it gets.

OpenSearch 2.19.6; the same with the security plugin (2.19.4, the last that is there); OpenSearch 3.9.0, which needs
Java 21 or later; Elasticsearch 7.10.2.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).resolve().parents[2] / "tests" / "opensearch"
_SOURCE = "src/main/java/podseek/Launcher.java"


class NodeProblem(Exception):
    """The node cannot be built or started, or refused a request."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Where its pom lies, the setting that names the nodes which may manage a new cluster, options of Java, what its
    launcher has in place of a text of that of OpenSearch 2, and the least version of Java if the usual one is none."""

    folder: Path
    managers: str = "cluster.initial_cluster_manager_nodes"
    java: tuple[str, ...] = ()
    differs: tuple[str, str] | None = None
    least_java: int = 0

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
        """Writes a source that differs from that of OpenSearch 2."""
        if self.differs is not None:
            source = (OPENSEARCH.folder / _SOURCE).read_text("utf-8")
            target = self.target / "java" / "podseek" / "Launcher.java"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(source.replace(*self.differs), "utf-8")

    def java_home(self) -> Path | None:
        """The folder of a Java that is new enough; None for that of the PATH. Raises NodeProblem if there is none."""
        if not self.least_java:
            return None
        named = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
        for home in [*named, *sorted(_JAVAS.glob("*"))]:
            if (home / "release").is_file() and (home / "bin" / "javac").exists():
                version = re.search(r'JAVA_VERSION="(\d+)', (home / "release").read_text("utf-8"))
                if version and int(version[1]) >= self.least_java:
                    return home
        raise NodeProblem(
            f"Java {self.least_java} or later, with its compiler, is not installed: name its folder in JAVA_HOME"
        )


_JAVAS = Path("/usr/lib/jvm")
"""Where systems have several."""
_OF_INFORMATION = """super(environment, plugins.stream().map(one -> new org.opensearch.plugins.PluginInfo(
                    one.getName(), "", "NA", org.opensearch.Version.CURRENT, "21", one.getName(), null, List.of(), false
            )).toList(), true)"""
"""A node of OpenSearch 3 wants more of a plugin than its class."""
OPENSEARCH = Engine(_FOLDER / "launcher")
OPENSEARCH_3 = Engine(_FOLDER / "newest", differs=("super(environment, plugins, true)", _OF_INFORMATION), least_java=21)
ELASTICSEARCH = Engine(
    _FOLDER / "elasticsearch", "cluster.initial_master_nodes", differs=("org.opensearch", "org.elasticsearch")
)
SECURED = Engine(_FOLDER / "secured", java=("-Dpodseek.plugin=org.opensearch.security.OpenSearchSecurityPlugin",))
ENGINES = {"opensearch": OPENSEARCH, "opensearch3": OPENSEARCH_3, "elasticsearch": ELASTICSEARCH, "secured": SECURED}


def build(engine: Engine = OPENSEARCH) -> None:
    """Builds what starts nodes, unless it is there. Raises NodeProblem where Java, Maven or its repository is
    missing."""
    for program in (java_of(engine), "mvn"):
        if shutil.which(program) is None:
            raise NodeProblem(f"{program} is not installed: OpenSearch needs Java 17 and Maven")
    if not engine.is_built:
        engine.prepare()
        command = ["mvn", "-q", "-B", "-Dstyle.color=never", "package"]
        home = engine.java_home()
        environment = {**os.environ, "JAVA_HOME": str(home)} if home else None
        if subprocess.run(command, cwd=engine.folder, env=environment, check=False).returncode:
            raise NodeProblem("Maven did not build the launcher of OpenSearch")


def java_of(engine: Engine) -> str:
    """The program java for an engine. Raises NodeProblem if none is new enough."""
    home = engine.java_home()
    return str(home / "bin" / "java") if home else "java"
