"""What to fetch from a remote index: which episodes (as conditions), and which of their columns and decks."""
