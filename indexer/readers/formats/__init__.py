"""A module for each transcript format: NAME, SUFFIXES, `recognises(text)` and `read(source)`."""
