"""The index on disk: schema, manifest, writer, checksums, repair. The only package that imports Whoosh."""
