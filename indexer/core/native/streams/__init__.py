"""Token streams: where runs of atoms are in them, and how what is there is cut."""
