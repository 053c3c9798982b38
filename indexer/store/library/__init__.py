"""What a library keeps beside its index, a JSON file each: what is in no transcript, and has to outlast every
rebuild."""
