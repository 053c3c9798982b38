"""Saved queries: which moments are new since they were last reported."""
