"""An episode as one stream of atoms, its timeline; a position is the index of an atom."""
