"""Conditions: AND, OR, NOT and NEAR, evaluated on the hits of an episode.

`one_window` defines what a condition means, on one window. The others find the same hits in all windows at once:
`near_chains` for words, OR and NEAR where times never go back, by comparing position lists (`near_positions`); `sweep`
for everything else, by the extents of each NEAR (`near_extents`). `rewrite` simplifies conditions for both.
"""
