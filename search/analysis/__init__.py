"""Exploring: what a corpus, or a part of it, talks about. Every module is one question, and answers with plain values
that `pandas.DataFrame` takes as they are."""
