"""Embedders: models that turn texts into vectors, which are near each other if the texts mean something similar."""
