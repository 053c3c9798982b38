"""Text with time stamps, as people and note takers write it: the stamps, the lines, the headings."""
