"""Processes: a separate one for work that needs much memory, workers that end with their parent, and Ctrl-C put off."""
