"""The engine of a cluster: asks OpenSearch for candidates, vocabulary and stored episodes."""
