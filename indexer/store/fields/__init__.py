"""The stored columns of an episode, each encoded and decoded in one module."""
