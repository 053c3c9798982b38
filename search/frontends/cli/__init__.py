"""The commands, a module each, which `cli.py` loads when it is called. What several share is in the folders."""
