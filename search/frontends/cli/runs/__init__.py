"""Runs that read transcripts or make vectors: their progress, their rounds, their report."""
