"""The engine of this machine: reads an index in a folder."""
