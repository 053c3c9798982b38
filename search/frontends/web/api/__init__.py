"""The endpoints of the API, with the schema that describes them."""
