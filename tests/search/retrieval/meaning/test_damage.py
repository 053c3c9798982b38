"""Damage to vectors and to the news of saved queries is reported by the check, and never gives a wrong answer."""

from __future__ import annotations

import pytest
from support.damage.vector_damage import campaign

pytestmark = pytest.mark.needs("numpy")


def test_no_damage_passes_the_check_or_is_answered_without_a_word() -> None:
    wrong, done = campaign(24, 20261129)
    assert wrong == []
    assert done.total() == 24
