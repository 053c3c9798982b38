"""The front ends: each makes a SearchRequest, calls the library, and shows the result."""
