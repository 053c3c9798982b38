"""Indexing into a library in a cluster: what commands do, the target of a run, its preview, its parts."""
