"""Files on disk: transcripts, in archives too, are read as hostile; our own are mapped, sealed, replaced atomically."""
