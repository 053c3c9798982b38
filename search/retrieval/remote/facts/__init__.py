"""What is known of a whole remote index, regardless of which episodes were fetched: its counts and its words."""
