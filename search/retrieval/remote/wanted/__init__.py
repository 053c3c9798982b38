"""What to ask of a remote index: which episodes, as conditions, and which columns and decks of them."""
