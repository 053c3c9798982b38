"""What is served: an open index with what pages read of it, the audio of its episodes, the mishearings to review."""
