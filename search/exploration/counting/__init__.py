"""What explorations count, and with what: a part of the corpus, its words as numbers, n-grams, document frequency, and
the measures."""
