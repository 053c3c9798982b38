"""What pages are made of: templates, scripts and styles, the texts in both languages, charts and lines as HTML."""
