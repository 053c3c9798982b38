"""What is typed after a command: options, their defaults, what the shell completes, and what is said of mistakes."""
