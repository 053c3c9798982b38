"""The commands, a module each; `cli.py` loads the one that is called."""
