"""Strings of phones: what it costs to mishear one as another."""
