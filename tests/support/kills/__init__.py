"""Kills processes, nodes and file systems while they write, and checks what is left. Commands."""
