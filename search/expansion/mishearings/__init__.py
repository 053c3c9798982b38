"""Likely mishearings in an index, for a person to review: pairs of words that sound alike, judged by their contexts."""
