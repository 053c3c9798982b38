"""Lists and explorations as text and as tables in Markdown: counts, episodes, words, contexts, trends, outlines."""
