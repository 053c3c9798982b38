"""The tools of `podseek mcp`, with which an assistant searches over the Model Context Protocol."""
