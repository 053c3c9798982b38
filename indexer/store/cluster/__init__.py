"""An index that lies in an OpenSearch cluster. `transport` speaks with it, `documents` says what lies there, `library`
makes and records versions; beside them what writes, counts and checks. Both sides use it; nothing of it is imported for
an index in a folder. The design: docs/design/opensearch.md.
"""
