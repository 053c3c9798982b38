"""Which episodes of a remote index the answer to a question depends on."""
