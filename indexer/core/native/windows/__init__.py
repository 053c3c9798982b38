"""Windows of a few seconds over the places of terms: what they hold, and where they may score much."""
