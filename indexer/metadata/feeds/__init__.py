"""Podcast feeds: what they tell of episodes, and the transcripts they point to.

`follow` is the way in. The network is touched by `fetch` only, and only for a feed somebody named.
"""
