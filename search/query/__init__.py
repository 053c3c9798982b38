"""From the text of a query to a plan: lexer, parser, syntax tree, filters, planner; and the time limit."""
