"""What may stand for a term of the query: text that sounds alike, is spelled alike or is an alias."""
