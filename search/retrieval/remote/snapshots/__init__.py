"""Remote indexes as the snapshots that the searches and explorations of a folder read."""
