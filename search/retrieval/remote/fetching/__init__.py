"""Fetches episodes of a remote index, and knows what the fetched ones cover."""
