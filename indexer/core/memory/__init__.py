"""Bounded memory: caches, collections that go on in files, and pausing the garbage collector."""
