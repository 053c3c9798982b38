"""The stages of an indexing run: its destination, the manifest that it keeps to, a survey of what is there and gone,
and the plan of what to read."""
