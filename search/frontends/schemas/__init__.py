"""JSON schemas of what programs ask and are answered, for assistants and for the web API."""
