"""What the user sets: the configuration file, where it and the user's other folders are, secrets."""
