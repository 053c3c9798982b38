"""Selection: which episodes of a remote index the answer to a question depends on, and the conditions to fetch them."""
