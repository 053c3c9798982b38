"""The pages, a module each: from the parameters of a request to a rendered template."""
