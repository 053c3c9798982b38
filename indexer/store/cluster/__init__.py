"""An index that lies in an OpenSearch cluster: the client, the names, and the encoding of documents. Both sides use it;
nothing of it is imported for an index in a folder. The design: docs/design/opensearch.md.
"""
