"""Charts of explorations: their specifications, and pictures of these."""
