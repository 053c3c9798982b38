"""From sources to a library: the feeds and folders that the user added, their audio, and the queue of episodes without
a transcript."""
