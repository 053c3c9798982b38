"""What analyses count with: the words of an index as numbers, n-grams, the episodes with each, the measures."""
