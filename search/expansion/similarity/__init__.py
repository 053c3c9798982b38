"""How alike two texts are, and what is alike in an index: by sound, by spelling, by how else a text is written."""
