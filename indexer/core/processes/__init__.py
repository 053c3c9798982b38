"""Processes: one of its own for what takes much memory, one that ends with its parent, Ctrl-C put off."""
