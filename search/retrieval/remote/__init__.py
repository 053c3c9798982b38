"""Answers from a cluster: fetches the episodes an answer depends on, and searches them as in a folder."""
