"""SubRip: the short way through regular files, and the repair of damaged ones."""
