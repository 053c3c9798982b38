"""The web page of `podseek serve`: an ASGI application with pages rendered on the server, and an API."""
