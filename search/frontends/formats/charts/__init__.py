"""Charts of analyses: their specifications, and pictures of these."""
