"""Finds where the terms of a query occur: postings give the episodes, token streams the positions."""
