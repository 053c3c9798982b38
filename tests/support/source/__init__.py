"""The source of the program, as tests read it."""
