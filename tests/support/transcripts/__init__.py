"""Transcripts, feeds and talk that tests know or draw at random, and libraries of them."""
