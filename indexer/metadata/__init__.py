"""The facts of an episode (title, date, audio, chapters): from its feed, a `podcast.toml` or its file name."""
