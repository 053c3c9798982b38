"""The pages of help: the list of commands, the man page, Chinese columns and words."""
