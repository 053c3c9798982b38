"""What both packages share: value types, errors and messages, and in a folder for each idea the rest.

Imports nothing above it.
"""
