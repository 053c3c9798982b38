"""The output formats: functions from results to lines of text, listed in `formats.py`."""
