"""Requests to an OpenSearch cluster and its answers: addresses, credentials, connections, failures and what they mean.
Nothing here knows what an episode is."""
