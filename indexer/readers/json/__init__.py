"""JSON of recognisers: parsed without faults, its cues and their fields under every name, seconds or milliseconds."""
