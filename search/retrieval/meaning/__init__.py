"""Meaning: vectors of the speech beside an index, made once and compared with those of questions."""
