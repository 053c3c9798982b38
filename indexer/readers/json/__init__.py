"""JSON of recognisers: parsing that never raises, cues and their fields under all names, seconds or milliseconds."""
