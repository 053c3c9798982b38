"""The best windows of a query, found without scoring all: upper bounds, and what they rule out."""
