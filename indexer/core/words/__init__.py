"""What is known of words: jieba's dictionary, the user's lexicon, readings of characters, what recognisers invent."""
