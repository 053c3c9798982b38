"""Remote indexes as the snapshots that the searches and analyses of a folder read."""
