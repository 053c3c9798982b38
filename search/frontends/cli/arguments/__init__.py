"""The arguments of commands: options, their defaults, shell completion, and messages about mistakes."""
