"""What both packages share: value types, the timeline, folding, tokens, settings, messages, atomic writes.

Imports nothing above it.
"""
