"""What the server serves: an open index and what pages read of it, the audio of its episodes, and the mishearings to
review."""
