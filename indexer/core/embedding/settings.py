"""The settings of an embedding server, from the environment or the configuration."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.core.configuration.secret import Secret
from indexer.core.configuration.settings import Config
from indexer.core.embedding.embedder import NoMeaning
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple

URL, MODEL, KEY = "PODSEEK_MEANING_URL", "PODSEEK_MEANING_MODEL", "PODSEEK_MEANING_KEY"
QUESTION, PASSAGE = "PODSEEK_MEANING_QUESTION_PREFIX", "PODSEEK_MEANING_PASSAGE_PREFIX"
TIMEOUT = "PODSEEK_MEANING_TIMEOUT"


class MeaningSettings(NamedTuple):
    """An embedding server: its address (empty for none), the model, the key, what goes before questions and passages,
    and the seconds to wait for an answer."""

    url: str = ""
    model: str = ""
    key: Secret = Secret()
    question_prefix: str = ""
    passage_prefix: str = ""
    timeout: float = 60.0


def read_meaning_settings(environ: Mapping[str, str], config: Config) -> MeaningSettings:
    """The settings in environment variables, else in the configuration. Raises NoMeaning for an invalid one."""

    def value(variable: str, name: str) -> str:
        return environ[variable] if variable in environ else str(config.get(f"meaning.{name}", ""))

    key = value(KEY, "key").strip()
    if not (key.isascii() and key.isprintable()):
        raise NoMeaning(_("{name} has characters that no key has: was it copied whole?").format(name=KEY))
    return MeaningSettings(
        value(URL, "url").strip(),
        value(MODEL, "model").strip(),
        Secret(key),
        value(QUESTION, "question_prefix"),
        value(PASSAGE, "passage_prefix"),
        _seconds(value(TIMEOUT, "timeout")),
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text.strip() or MeaningSettings().timeout)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise NoMeaning(_("{name}={text}: is no number of seconds up to 3600").format(name=TIMEOUT, text=text[:20]))
    return seconds
