"""Starts a player at a second, and cuts clips of moments with ffmpeg."""
