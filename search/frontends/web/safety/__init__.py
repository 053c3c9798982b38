"""Who may ask and what a page may do: hosts, origins, tokens, response headers, slow connections."""
