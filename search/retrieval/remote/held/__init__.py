"""The episodes held in memory: fetched for one question or kept from earlier ones, whole or partial."""
