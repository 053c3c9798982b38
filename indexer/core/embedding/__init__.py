"""Embedders: models that give texts vectors, near each other if the texts mean something alike."""
