"""What is known of a whole remote index, whichever of its episodes are fetched: its counts and its words."""
