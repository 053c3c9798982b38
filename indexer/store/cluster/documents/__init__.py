"""What an index in a cluster holds: its mappings, the documents of an episode, and the values that only a cluster
stores (passages, decks, peaks of runs)."""
