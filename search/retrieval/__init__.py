"""Ranks the windows of an index for a plan: candidate episodes by falling bound, conditions, reranking."""
