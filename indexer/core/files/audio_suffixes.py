"""The names of audio and video files."""

AUDIO = (".mp3", ".m4a", ".aac", ".ogg", ".opus", ".flac", ".wav", ".mp4", ".mkv", ".webm")
"""Their suffixes."""
