"""From ranked windows to what callers see: context, highlights, chapter titles, counts, links, records."""
