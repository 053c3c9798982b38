"""Explorations (corpus analysis): what a corpus, or a part of it, talks about. Each module answers one question with
plain values that `pandas.DataFrame` accepts directly."""
