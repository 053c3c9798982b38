"""Dates that are as precise as is known: their texts, and the days that they stand for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.dates import days_of, iso_date, read_date


@pytest.mark.parametrize("text", ["2025", "2025-06", "2025-06-08", "2024-02-29"])
def test_a_day_a_month_and_a_year_are_dates(text: str) -> None:
    assert read_date(text) == text


@pytest.mark.parametrize("text", ["", "25", "2025-13", "2025-6", "2025-02-29", "2025-06-08T10:00", "0000", "2025-"])
def test_what_is_not_in_the_calendar_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        read_date(text)


@given(st.dates())
def test_a_day_is_among_those_of_its_month_and_its_year(day: date) -> None:
    numbers = day.year, day.month, day.day
    assert days_of(iso_date(*numbers)) == (day, day)
    for known in (1, 2):
        first, last = days_of(iso_date(*numbers[:known]))
        assert first <= day <= last
        for beyond in (first.toordinal() - 1, last.toordinal() + 1):
            if date.min.toordinal() <= beyond <= date.max.toordinal():
                other = date.fromordinal(beyond)
                assert (other.year, other.month, other.day)[:known] != numbers[:known]


def test_a_month_is_as_long_as_in_the_calendar() -> None:
    first, last = days_of("2024-02")
    assert last - first == timedelta(days=28)
