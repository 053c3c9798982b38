"""Damage to transcripts, feeds and the files of an index, reproducible by a seed. Some are commands."""
