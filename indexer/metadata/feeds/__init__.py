"""Podcast feeds: the facts of episodes, and the transcripts they link to.

The entry point is `follow`. Only `http_client` and `connections` use the network, and only for a feed that the user
named.
"""
