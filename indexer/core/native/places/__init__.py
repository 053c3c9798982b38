"""Lists of places where terms are: hits, groups of them, and pairs that are near."""
