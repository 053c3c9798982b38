"""What one indexing run is told and finds: where it writes, with which words, what is there and gone, what it reads."""
