"""Vectors of meaning, compared."""
