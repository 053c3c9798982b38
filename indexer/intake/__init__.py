"""From sources to a library: what the user added, the audio of it, and the queue of what has no transcript yet."""
