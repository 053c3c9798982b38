"""What analyses count in and with: a part of the corpus, its words as numbers, n-grams, the episodes with each, the
measures."""
