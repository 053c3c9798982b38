"""Chooses the model: the embedding server that is named, else the one of the extra."""

from __future__ import annotations

import os
from functools import lru_cache

from indexer.core.configuration.settings import read_settings
from indexer.core.embedding.embedder import Embedder
from indexer.core.embedding.settings import MeaningSettings, read_meaning_settings


def chosen_embedder(threads: int = 1) -> Embedder:
    """The embedding server that the environment or the configuration names, else the model of the extra. Raises
    NoMeaning if there is neither, and ConfigProblem."""
    settings = read_meaning_settings(os.environ, read_settings())
    if settings.url:
        return _server(settings)
    from indexer.core.embedding.bundled import bundled

    return bundled(threads)


@lru_cache(4)
def _server(settings: MeaningSettings) -> Embedder:
    from indexer.core.embedding.server import EmbeddingServer

    return EmbeddingServer(settings)
