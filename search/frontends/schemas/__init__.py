"""JSON schemas of requests and answers, for assistants and for the web API."""
