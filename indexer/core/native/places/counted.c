/* Tells which hits of groups surely count, whatever part of an episode is looked at. */

#include "native.h"

typedef struct {
    Numbers codes, ranks, ends, around, first, lengths, kinds;
} Asked;

static void asked_free(Asked *asked)
{
    Numbers *all[] = {&asked->codes, &asked->ranks,   &asked->ends, &asked->around,
                      &asked->first, &asked->lengths, &asked->kinds};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        numbers_free(all[i]);
}

/* 0, or -1 with an exception for what does not belong together. */
static int asked_check(const Asked *asked)
{
    const Numbers *ends = &asked->ends, *first = &asked->first;
    Py_ssize_t size = asked->codes.size;
    if (must_ascend(&asked->codes, "hits") < 0 || must_ascend(ends, "ends") < 0 || must_ascend(first, "atoms") < 0)
        return -1;
    int is_wrong = asked->ranks.size != size || asked->kinds.size != asked->lengths.size || !first->size;
    is_wrong |= (ends->size ? ends->at[ends->size - 1] : 0) != size || (ends->size && ends->at[0] < 0);
    for (Py_ssize_t i = 0; i < asked->ranks.size; i++)
        is_wrong |= asked->ranks.at[i] < 0 || asked->ranks.at[i] >= asked->lengths.size;
    for (Py_ssize_t i = 0; i < asked->around.size; i++)
        is_wrong |= asked->around.at[i] < 0 || asked->around.at[i] > size;
    if (is_wrong)
        PyErr_SetString(PyExc_ValueError, "hits, groups and terms do not belong together");
    return is_wrong ? -1 : 0;
}

/* Pairs of a place at which longer terms begin, and the end of the longest. Returns how many. */
static Py_ssize_t covers_of(const Asked *asked, int bits, int64_t *covers)
{
    Py_ssize_t amount = 0;
    for (Py_ssize_t i = 0; i < asked->codes.size; i++) {
        int64_t rank = asked->ranks.at[i], place = asked->codes.at[i] >> bits;
        if (asked->kinds.at[rank] & WHOLE)
            amount = add_cover(covers, amount, place, place + asked->lengths.at[rank]);
    }
    return amount;
}

/* Writes how many hits count before each, and after the last; those that count move to the front of the ranks. */
static void count_hits(const Asked *asked, int bits, const int64_t *covers, Py_ssize_t amount, int64_t *before)
{
    Py_ssize_t kept = 0, group = 0, cue = 0, low = 0, high = 0;
    int64_t begin = 0;
    for (Py_ssize_t i = 0; i < asked->codes.size; i++) {
        int64_t place = asked->codes.at[i] >> bits, rank = asked->ranks.at[i], size = asked->lengths.at[rank];
        while (asked->ends.at[group] <= i)
            group++;
        if (i == 0 || asked->ends.at[group ? group - 1 : 0] == i)
            begin = place;
        while (cue + 1 < asked->first.size && asked->first.at[cue + 1] <= place)
            cue++;
        int64_t least = asked->first.at[cue] > begin ? asked->first.at[cue] : begin;
        int inside = 0;
        if (asked->kinds.at[rank] & PART) {
            while (high < amount && covers[2 * high] <= place)
                high++;
            while (low < high && covers[2 * low] < least)
                low++;
            for (Py_ssize_t one = high; one-- > low && !inside;)
                inside = covers[2 * one + 1] >= place + size && covers[2 * one + 1] - covers[2 * one] > size;
        }
        before[i] = kept;
        if (!inside)
            asked->ranks.at[kept++] = rank;
    }
    before[asked->codes.size] = kept;
}

PyObject *native_counted(PyObject *module, PyObject *args)
{
    PyObject *codes, *ranks, *ends, *around, *first, *lengths, *kinds, *result = NULL;
    int bits;
    Asked asked = {{0}};
    int64_t *covers = NULL, *before = NULL;
    if (!PyArg_ParseTuple(args, "OiOOOOOO", &codes, &bits, &ranks, &ends, &around, &first, &lengths, &kinds))
        return NULL;
    if (numbers_from(codes, &asked.codes) < 0 || numbers_from(ranks, &asked.ranks) < 0
        || numbers_from(ends, &asked.ends) < 0 || numbers_from(around, &asked.around) < 0
        || numbers_from(first, &asked.first) < 0 || numbers_from(lengths, &asked.lengths) < 0
        || numbers_from(kinds, &asked.kinds) < 0 || asked_check(&asked) < 0)
        goto done;
    if (bits < 1 || bits > 20) {
        PyErr_SetString(PyExc_ValueError, "there are too many ways");
        goto done;
    }
    covers = PyMem_New(int64_t, 2 * asked.codes.size + 1);
    before = PyMem_New(int64_t, asked.codes.size + 1);
    if (covers == NULL || before == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    count_hits(&asked, bits, covers, covers_of(&asked, bits, covers), before);
    for (Py_ssize_t i = 0; i < asked.ends.size; i++)
        asked.ends.at[i] = before[asked.ends.at[i]];
    for (Py_ssize_t i = 0; i < asked.around.size; i++)
        asked.around.at[i] = before[asked.around.at[i]];
    result = Py_BuildValue("NNN", list_of(asked.ranks.at, before[asked.codes.size]),
                           list_of(asked.ends.at, asked.ends.size), list_of(asked.around.at, asked.around.size));
done:
    PyMem_Free(covers);
    PyMem_Free(before);
    asked_free(&asked);
    return result;
}
