"""What a command prints: the console, the page of moments with its numbers, the pager, why nothing was found."""
