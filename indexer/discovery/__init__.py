"""Finds transcripts: walks folders and archives, prefers one of several for an episode, notices what is gone."""
