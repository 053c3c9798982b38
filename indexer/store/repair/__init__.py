"""Damaged and outdated indices: what of one is intact, mending in place, and rebuilding beside it."""
