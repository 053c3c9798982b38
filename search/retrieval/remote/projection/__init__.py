"""Projection: which columns and decks of the selected episodes of a remote index are fetched."""
