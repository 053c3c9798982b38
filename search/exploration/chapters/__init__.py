"""Chapters: which the show gives or where a new topic begins, how likely that is, and what a chapter is called."""
