"""What is known about words: jieba's dictionary, the user's lexicon, readings of characters, and lines that recognisers
invent."""
