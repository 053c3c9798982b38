"""Memory within bounds: caches, collections that go on in files, the garbage collector paused."""
