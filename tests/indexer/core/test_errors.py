"""What is advised against an error of the system."""

from __future__ import annotations

import errno
import runpy

import pytest

from indexer.core import errors


def test_an_error_without_a_number_is_no_full_disk_where_there_are_no_quotas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(errno, "EDQUOT", raising=False)
    explained = runpy.run_path(errors.__file__)["explained"]
    assert "make room" in explained(OSError(errno.ENOSPC, "No space left on device"))
    assert "make room" not in explained(OSError("closed"))
