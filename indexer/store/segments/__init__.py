"""Reads the files of a Whoosh index directly: importing Whoosh would take longer than most searches.

| file                         | read by      | holds                                                   |
|------------------------------|--------------|---------------------------------------------------------|
| `_MAIN_<generation>.toc`     | `toc`        | the segments of a commit and their removed documents    |
| `<segment>.trm`              | `terms`      | each term's counts, and where its postings are          |
| `<segment>.pst`              | `blocks`     | the postings                                            |
| `<segment>.<field>.col`      | `columns`    | a value for each document                               |
| `<segment>._stored.col`      | `segment`    | the stored fields of each document                      |
| `<segment>.sums`             | `sums`       | checksums of all of these; ours, and unknown to Whoosh  |

This is the format of Whoosh 2.7 with its W3 codec and without compound files, as `indexer.store.writer` has it
written by whoosh3 or Whoosh 2.7.4. Integers are big-endian. A file is never changed once it is written.
Pickled values are read with an unpickler that knows no classes, so an index cannot run code here. There are no
dataclasses: defining six of them took longer than importing all the rest of this package (5 ms, now 2).
"""

from indexer.store.segments.columns import BytesColumn
from indexer.store.segments.contents import Contents, open_segments
from indexer.store.segments.segment import Segment
from indexer.store.segments.toc import NOTHING, newest_generation

__all__ = ["NOTHING", "BytesColumn", "Contents", "Segment", "newest_generation", "open_segments"]
