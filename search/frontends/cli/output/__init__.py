"""What a command prints: the console, the page of moments with its numbers, the pager, and why nothing was found."""
