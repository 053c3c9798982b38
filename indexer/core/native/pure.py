"""The hot loops in Python: where each is, and what it means. A file is imported with the first of its functions.

A hit is (position, term, alternative); positions are indices of atoms, times milliseconds. Sequences of integers may be
lists, tuples, arrays or memoryviews.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.core.native.bounds.episodes import episode_bounds as episode_bounds
    from indexer.core.native.bounds.episodes import most_gains as most_gains
    from indexer.core.native.bounds.episodes import relevances as relevances
    from indexer.core.native.bounds.episodes import terms_in as terms_in
    from indexer.core.native.bounds.gains import close_gains as close_gains
    from indexer.core.native.bounds.gains import shared_gains as shared_gains
    from indexer.core.native.bounds.groups import group_bounds as group_bounds
    from indexer.core.native.bounds.groups import group_mosts as group_mosts
    from indexer.core.native.places.counted import counted as counted
    from indexer.core.native.places.dense import dense_groups as dense_groups
    from indexer.core.native.places.dense import least as least
    from indexer.core.native.places.extents import joined_extents as joined_extents
    from indexer.core.native.places.grouped import grouped as grouped
    from indexer.core.native.places.hits import ascends as ascends
    from indexer.core.native.places.hits import hit_times as hit_times
    from indexer.core.native.places.hits import merged as merged
    from indexer.core.native.places.hits import outside_wholes as outside_wholes
    from indexer.core.native.places.hits import times_at as times_at
    from indexer.core.native.places.hits import within as within
    from indexer.core.native.segments.checksums import damaged_block as damaged_block
    from indexer.core.native.segments.checksums import damaged_value as damaged_value
    from indexer.core.native.segments.clocks import clocked as clocked
    from indexer.core.native.segments.clocks import summed_up as summed_up
    from indexer.core.native.segments.keys import keyed_numbers as keyed_numbers
    from indexer.core.native.segments.postings import unpacked_block as unpacked_block
    from indexer.core.native.segments.triples import mark_triples as mark_triples
    from indexer.core.native.sounds.fitting import fitting_syllables as fitting_syllables
    from indexer.core.native.sounds.fitting import fitting_ways as fitting_ways
    from indexer.core.native.sounds.phones import distances as distances
    from indexer.core.native.sounds.spelled import jaro_winkler as jaro_winkler
    from indexer.core.native.statistics.neighbours import neighbours as neighbours
    from indexer.core.native.statistics.pairs import likely_pairs as likely_pairs
    from indexer.core.native.statistics.pairs import tally_pairs as tally_pairs
    from indexer.core.native.statistics.pairs import translated as translated
    from indexer.core.native.statistics.words import tally as tally
    from indexer.core.native.statistics.words import word_numbers as word_numbers
    from indexer.core.native.statistics.words import word_starts as word_starts
    from indexer.core.native.streams.classes import find_classes as find_classes
    from indexer.core.native.streams.decks import laid_out as laid_out
    from indexer.core.native.streams.heard import runs_heard as runs_heard
    from indexer.core.native.streams.runs import find as find
    from indexer.core.native.streams.runs import find_each as find_each
    from indexer.core.native.streams.runs import unbroken as unbroken
    from indexer.core.native.streams.shapes import by_bit as by_bit
    from indexer.core.native.streams.shapes import by_cut as by_cut
    from indexer.core.native.streams.shapes import by_text as by_text
    from indexer.core.native.streams.signatures import find_in_all as find_in_all
    from indexer.core.native.streams.signatures import sign as sign
    from indexer.core.native.streams.units import stream_units as stream_units
    from indexer.core.native.vectors.nearness import best_means as best_means
    from indexer.core.native.vectors.nearness import largest as largest
    from indexer.core.native.vectors.nearness import products as products
    from indexer.core.native.vectors.nearness import standardized as standardized
    from indexer.core.native.windows.competing import competing_regions as competing_regions
    from indexer.core.native.windows.regions import likely_regions as likely_regions
    from indexer.core.native.windows.slide import beside as beside
    from indexer.core.native.windows.slide import block_totals as block_totals
    from indexer.core.native.windows.slide import reaches as reaches
    from indexer.core.native.windows.slide import slide as slide
else:
    FILES = {
        "bounds.episodes": ("most_gains", "episode_bounds", "relevances", "terms_in"),
        "bounds.gains": ("close_gains", "shared_gains"),
        "bounds.groups": ("group_bounds", "group_mosts"),
        "places.counted": ("counted",),
        "places.dense": ("dense_groups", "least"),
        "places.extents": ("joined_extents",),
        "places.grouped": ("grouped",),
        "places.hits": ("merged", "ascends", "times_at", "hit_times", "outside_wholes", "within"),
        "segments.checksums": ("damaged_block", "damaged_value"),
        "segments.clocks": ("summed_up", "clocked"),
        "segments.keys": ("keyed_numbers",),
        "segments.postings": ("unpacked_block",),
        "segments.triples": ("mark_triples",),
        "sounds.fitting": ("fitting_syllables", "fitting_ways"),
        "sounds.phones": ("distances",),
        "sounds.spelled": ("jaro_winkler",),
        "statistics.neighbours": ("neighbours",),
        "statistics.pairs": ("tally_pairs", "likely_pairs", "translated"),
        "statistics.words": ("word_numbers", "word_starts", "tally"),
        "streams.classes": ("find_classes",),
        "streams.decks": ("laid_out",),
        "streams.heard": ("runs_heard",),
        "streams.runs": ("find", "find_each", "unbroken"),
        "streams.shapes": ("by_text", "by_cut", "by_bit"),
        "streams.signatures": ("sign", "find_in_all"),
        "streams.units": ("stream_units",),
        "vectors.nearness": ("products", "standardized", "best_means", "largest"),
        "windows.competing": ("competing_regions",),
        "windows.regions": ("likely_regions",),
        "windows.slide": ("slide", "reaches", "block_totals", "beside"),
    }
    """The functions of each file."""

    def __getattr__(name: str) -> object:
        for file, names in FILES.items():
            if name in names:
                function = getattr(import_module(f"indexer.core.native.{file}"), name)
                globals()[name] = function
                return function
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
