"""What a library keeps beside its index: a JSON file for each kind of thing that no transcript tells and that outlasts
every rebuild."""
