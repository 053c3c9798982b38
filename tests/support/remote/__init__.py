"""A remote index without a network, of an index on this machine: what it answers, and what may happen meanwhile."""
