"""Reads the files of a Whoosh index directly, because importing Whoosh takes longer than most searches.

| file                         | read by           | holds                                                   |
|------------------------------|-------------------|---------------------------------------------------------|
| `_MAIN_<generation>.toc`     | `toc`             | the segments of a commit and their deleted documents    |
| `<segment>.trm`              | `terms`           | each term's counts, and where its postings are          |
| `<segment>.pst`              | `postings_reader` | the postings                                            |
| `<segment>.<field>.col`      | `columns`         | a value for each document                               |
| `<segment>._stored.col`      | `segment`         | the stored fields of each document                      |
| `<segment>.runs`             | `run_signature`   | its signature, if it has one; ours, unknown to Whoosh   |
| `<segment>.sums`             | `checksums`       | checksums of all of these; ours, and unknown to Whoosh  |

This is the format of Whoosh 2.7 (or whoosh3) with its W3 codec and no compound files, as `indexer.store.writer`
produces it. Integers are big-endian. Files never change once written. Pickled values are read by an unpickler that
resolves no classes, so an index cannot run code. There are no dataclasses here: defining six of them took longer than
importing the rest of the package (5 ms, now 2).
"""

from indexer.store.segments.columns import BytesColumn
from indexer.store.segments.contents import Contents, open_segments
from indexer.store.segments.segment import Segment
from indexer.store.segments.toc import NOTHING, newest_generation

__all__ = ["NOTHING", "BytesColumn", "Contents", "Segment", "newest_generation", "open_segments"]
