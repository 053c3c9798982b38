"""The files of an index: blocks verified by their checksums, and signatures of what each document says."""
