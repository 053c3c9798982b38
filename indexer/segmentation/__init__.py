"""Cuts running text into the words that jieba would cut, without loading jieba."""
