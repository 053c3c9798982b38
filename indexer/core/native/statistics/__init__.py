"""Words and pairs of neighbours, numbered and counted."""
