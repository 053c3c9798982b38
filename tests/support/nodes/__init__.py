"""A stand-in for OpenSearch in which indexing runs write, recorded answers of a real node, and one that is secured."""
