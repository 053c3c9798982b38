/* The functions of the extension, by file. What each does is said by its twin: the file of the same name in Python. */

#ifndef PODSEEK_NATIVE_H
#define PODSEEK_NATIVE_H

#include "numbers.h"

/* streams/runs.c */
PyObject *native_find(PyObject *module, PyObject *args);
PyObject *native_find_each(PyObject *module, PyObject *args);
PyObject *native_unbroken(PyObject *module, PyObject *args);

/* Appends the positions in [from, until), of a stream of so many units, at which `length` units of the needle begin; -1
   without memory. Runs without the interpreter's lock if `found` is raw. */
int scan_units(const char *text, Py_ssize_t units, int width, const char *needle, Py_ssize_t length, Py_ssize_t from,
               Py_ssize_t until, Growing *found);

/* The unit at a place, as this machine reads it: compared with others only. */
static inline uint32_t unit_at(const char *text, int width, Py_ssize_t at)
{
    if (width == 2) {
        uint16_t unit;
        memcpy(&unit, text + at * 2, 2);
        return unit;
    }
    uint32_t unit;
    memcpy(&unit, text + at * 4, 4);
    return unit;
}

/* The unit at a place as a number, little-endian as it is stored: the same on every machine. */
static inline uint32_t stored_unit(const char *text, int width, Py_ssize_t at)
{
    const unsigned char *unit = (const unsigned char *)text + at * width;
    uint32_t low = (uint32_t)unit[0] | (uint32_t)unit[1] << 8;
    return width == 2 ? low : low | (uint32_t)unit[2] << 16 | (uint32_t)unit[3] << 24;
}

/* The bit of an atom: the first is the highest after the padding at the front. */
static inline int bit(const unsigned char *bits, Py_ssize_t padding, Py_ssize_t at)
{
    at += padding;
    return bits[at >> 3] >> (7 - (at & 7)) & 1;
}

/* What a term may be, by bits: a part of a longer one, and a longer one. */
#define PART 1
#define WHOLE 2

/* Adds a longer term to pairs of a place at which longer terms begin and the end of the longest; places ascend. Returns
   how many pairs there are. */
static inline Py_ssize_t add_cover(int64_t *covers, Py_ssize_t amount, int64_t place, int64_t end)
{
    if (!amount || covers[2 * amount - 2] != place) {
        covers[2 * amount] = place;
        covers[2 * amount + 1] = end;
        return amount + 1;
    }
    if (end > covers[2 * amount - 1])
        covers[2 * amount - 1] = end;
    return amount;
}

/* A stream: its units, and its signature or NULL. */
typedef struct {
    const char *text;
    Py_ssize_t units;
    const unsigned char *rows;
    int width;
} Span;

/* streams/signatures.c */
/* Reads (data, begin, end, width, signature), a tuple of five, whose data is in the buffer. -1 with an exception. */
int span_of(PyObject *place, const Py_buffer *buffer, Span *span);
/* Appends the positions of a needle in a stream: in the blocks that its signature names, or in all. -1 without
   memory. */
int search_span(const Span *span, const char *needle, Py_ssize_t length, Growing *found);
PyObject *native_sign(PyObject *module, PyObject *args);
PyObject *native_find_in_all(PyObject *module, PyObject *args);

/* streams/classes.c */
PyObject *native_find_classes(PyObject *module, PyObject *args);

/* streams/heard.c */
PyObject *native_runs_heard(PyObject *module, PyObject *args);

/* What it costs to mishear phones: times the cost of the first one, and a cost for each pair, and each one lost. */
#define PHONES 128
typedef struct {
    double first;
    Py_buffer changed, lost;
} PhoneCosts;

/* A string: its characters. */
typedef struct {
    Py_UCS4 *at;
    Py_ssize_t size;
} Text;

/* sounds/phones.c */
/* Reads (first, changed, lost), a tuple; freed with free_phone_costs. -1 with an exception, and nothing to free. */
int read_phone_costs(PyObject *from, PhoneCosts *costs);
void free_phone_costs(PhoneCosts *costs);
/* What each beginning of `one` costs as `other`: one more than it has phones. `row` has room for one more than
   `other` has. */
void phone_distances(const PhoneCosts *costs, Text one, Text other, int is_first, double *row, double *found);
PyObject *native_distances(PyObject *module, PyObject *args);
/* sounds/spelled.c */
PyObject *native_jaro_winkler(PyObject *module, PyObject *args);
/* sounds/fitting.c */
PyObject *native_fitting_syllables(PyObject *module, PyObject *args);
PyObject *native_fitting_ways(PyObject *module, PyObject *args);

/* streams/units.c */
PyObject *native_stream_units(PyObject *module, PyObject *args);

/* streams/decks.c */
PyObject *native_laid_out(PyObject *module, PyObject *args);

/* segments/clocks.c */
PyObject *native_summed_up(PyObject *module, PyObject *args);
PyObject *native_clocked(PyObject *module, PyObject *args);

/* segments/checksums.c */
PyObject *native_damaged_block(PyObject *module, PyObject *args);
PyObject *native_damaged_value(PyObject *module, PyObject *args);

/* segments/keys.c */
PyObject *native_keyed_numbers(PyObject *module, PyObject *args);

/* segments/postings.c */
PyObject *native_unpacked_block(PyObject *module, PyObject *args);

/* bounds/episodes.c */
PyObject *native_most_gains(PyObject *module, PyObject *args);
PyObject *native_episode_bounds(PyObject *module, PyObject *args);
PyObject *native_terms_in(PyObject *module, PyObject *args);
PyObject *native_relevances(PyObject *module, PyObject *args);

/* segments/triples.c */
PyObject *native_mark_triples(PyObject *module, PyObject *args);

/* places/dense.c */
PyObject *native_dense_groups(PyObject *module, PyObject *args);
PyObject *native_least(PyObject *module, PyObject *args);

/* places/hits.c */
/* Sorts the keys, so many ascending runs that begin at `runs`, which has two entries more. -1 with an exception. */
int merge_runs(Growing *keys, Py_ssize_t *runs, Py_ssize_t amount);
PyObject *native_merged(PyObject *module, PyObject *parts);
PyObject *native_times_at(PyObject *module, PyObject *args);
PyObject *native_ascends(PyObject *module, PyObject *numbers);
PyObject *native_hit_times(PyObject *module, PyObject *args);
PyObject *native_within(PyObject *module, PyObject *args);
PyObject *native_outside_wholes(PyObject *module, PyObject *args);

/* places/extents.c */
PyObject *native_joined_extents(PyObject *module, PyObject *args);

/* windows/slide.c */
PyObject *native_slide(PyObject *module, PyObject *args);
PyObject *native_reaches(PyObject *module, PyObject *args);
PyObject *native_block_totals(PyObject *module, PyObject *args);
PyObject *native_beside(PyObject *module, PyObject *args);

/* streams/shapes.c */
PyObject *native_by_text(PyObject *module, PyObject *args);
PyObject *native_by_cut(PyObject *module, PyObject *args);
PyObject *native_by_bit(PyObject *module, PyObject *args);

/* windows/regions.c */
PyObject *native_likely_regions(PyObject *module, PyObject *args);

/* places/grouped.c */
PyObject *native_grouped(PyObject *module, PyObject *args);
/* places/counted.c */
PyObject *native_counted(PyObject *module, PyObject *args);
/* windows/competing.c */
PyObject *native_competing_regions(PyObject *module, PyObject *args);

/* bounds/groups.c */
PyObject *native_group_bounds(PyObject *module, PyObject *args);
PyObject *native_group_mosts(PyObject *module, PyObject *args);

/* bounds/gains.c */
PyObject *native_close_gains(PyObject *module, PyObject *args);
PyObject *native_shared_gains(PyObject *module, PyObject *args);

/* vectors/nearness.c */
PyObject *native_products(PyObject *module, PyObject *args);
PyObject *native_standardized(PyObject *module, PyObject *args);
PyObject *native_best_means(PyObject *module, PyObject *args);
PyObject *native_largest(PyObject *module, PyObject *args);

/* statistics/words.c */
PyObject *native_word_numbers(PyObject *module, PyObject *args);
PyObject *native_word_starts(PyObject *module, PyObject *args);
PyObject *native_tally(PyObject *module, PyObject *args);

/* statistics/neighbours.c */
PyObject *native_neighbours(PyObject *module, PyObject *args);

/* statistics/pairs.c */
PyObject *native_tally_pairs(PyObject *module, PyObject *args);
PyObject *native_likely_pairs(PyObject *module, PyObject *args);
PyObject *native_translated(PyObject *module, PyObject *args);

#endif
