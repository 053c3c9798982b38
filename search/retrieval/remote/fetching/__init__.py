"""Fetches episodes of a remote index, and keeps track of what the fetched ones cover."""
