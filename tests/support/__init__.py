"""Helpers of the tests: small corpora, indexes made from texts, and the real command."""
