/* Lists of hits: merged from the positions of several terms, with their times, and without the parts of longer
   terms. */

#include "native.h"

/* A key orders hits as their tuples are ordered: by position, then by the part (term and alternative) they are of. */
#define PART_BITS 20
#define MOST_PARTS ((Py_ssize_t)1 << PART_BITS)
#define MOST_PLACE ((int64_t)1 << (62 - PART_BITS))

/* Merges the runs by pairs until one is left; the last entry of `runs` is the end. Returns where they are in the end:
   `keys` or `beside`. */
static int64_t *merged_by_pairs(int64_t *keys, int64_t *beside, Py_ssize_t *runs, Py_ssize_t amount)
{
    while (amount > 1) {
        Py_ssize_t kept = 0;
        for (Py_ssize_t run = 0; run < amount; run += 2) {
            Py_ssize_t one = runs[run], middle = runs[run + 1], out = one;
            Py_ssize_t end = run + 2 <= amount ? runs[run + 2] : middle, other = middle;
            while (one < middle && other < end)
                beside[out++] = keys[one] <= keys[other] ? keys[one++] : keys[other++];
            memcpy(beside + out, keys + one, (size_t)(middle - one) * sizeof *keys);
            out += middle - one;
            memcpy(beside + out, keys + other, (size_t)(end - other) * sizeof *keys);
            runs[kept++] = runs[run];
        }
        runs[kept] = runs[amount];
        amount = kept;
        int64_t *swap = keys;
        keys = beside;
        beside = swap;
    }
    return keys;
}

int merge_runs(Growing *keys, Py_ssize_t *runs, Py_ssize_t amount)
{
    if (!keys->size)
        return 0;
    int64_t *beside = PyMem_New(int64_t, keys->size);
    if (beside == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    runs[amount] = keys->size;
    if (merged_by_pairs(keys->at, beside, runs, amount) == keys->at) {
        PyMem_Free(beside);
        return 0;
    }
    PyMem_Free(keys->at);
    keys->at = beside;
    keys->room = keys->size;
    return 0;
}

/* Appends the keys of a part; -1 with an exception. */
static int push_part(PyObject *part, int64_t number, Growing *keys)
{
    if (!PyTuple_Check(part) || PyTuple_GET_SIZE(part) != 3) {
        PyErr_SetString(PyExc_TypeError, "a part is (term, alternative, positions)");
        return -1;
    }
    PyObject *places = PySequence_Fast(PyTuple_GET_ITEM(part, 2), "positions are a list");
    if (places == NULL)
        return -1;
    Py_ssize_t size = PySequence_Fast_GET_SIZE(places);
    int failed = keys->room - keys->size < size ? growing_more(keys, size) : 0;
    int64_t before = 0;
    for (Py_ssize_t i = 0; i < size && !failed; i++) {
        int64_t place = PyLong_AsLongLong(PySequence_Fast_GET_ITEM(places, i));
        failed = place < before || place >= MOST_PLACE;
        if (failed) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_ValueError, "positions must ascend");
            break;
        }
        before = place;
        keys->at[keys->size++] = place << PART_BITS | number;
    }
    Py_DECREF(places);
    return failed ? -1 : 0;
}

static PyObject *hits_of(const int64_t *keys, Py_ssize_t size, PyObject *parts)
{
    PyObject *hits = PyList_New(size);
    for (Py_ssize_t i = 0; hits != NULL && i < size; i++) {
        PyObject *part = PySequence_Fast_GET_ITEM(parts, keys[i] & (MOST_PARTS - 1));
        PyObject *place = PyLong_FromLongLong(keys[i] >> PART_BITS);
        PyObject *hit = place == NULL ? NULL : PyTuple_New(3);
        if (hit == NULL) {
            Py_XDECREF(place);
            Py_CLEAR(hits);
            break;
        }
        PyTuple_SET_ITEM(hit, 0, place);
        PyTuple_SET_ITEM(hit, 1, Py_NewRef(PyTuple_GET_ITEM(part, 0)));
        PyTuple_SET_ITEM(hit, 2, Py_NewRef(PyTuple_GET_ITEM(part, 1)));
        PyObject_GC_UnTrack(hit); /* of integers alone: it is in no circle */
        PyList_SET_ITEM(hits, i, hit);
    }
    return hits;
}

PyObject *native_merged(PyObject *module, PyObject *from)
{
    PyObject *parts = PySequence_Fast(from, "parts are a list"), *result = NULL;
    if (parts == NULL)
        return NULL;
    Py_ssize_t amount = PySequence_Fast_GET_SIZE(parts);
    Growing keys = {0};
    Py_ssize_t *runs = PyMem_New(Py_ssize_t, amount + 2);
    if (runs == NULL || amount >= MOST_PARTS) {
        PyErr_NoMemory();
        goto done;
    }
    for (Py_ssize_t i = 0; i < amount; i++) {
        runs[i] = keys.size;
        if (push_part(PySequence_Fast_GET_ITEM(parts, i), i, &keys) < 0)
            goto done;
    }
    if (merge_runs(&keys, runs, amount) == 0)
        result = hits_of(keys.at, keys.size, parts);
done:
    PyMem_Free(runs);
    PyMem_Free(keys.at);
    Py_DECREF(parts);
    return result;
}

/* The index of the first of the positions that is at least `limit`; -1 with an exception. */
static Py_ssize_t first_from(PyObject *places, int64_t limit, Py_ssize_t low)
{
    Py_ssize_t high = PySequence_Fast_GET_SIZE(places);
    while (low < high) {
        Py_ssize_t middle = low + (high - low) / 2;
        int64_t place = PyLong_AsLongLong(PySequence_Fast_GET_ITEM(places, middle));
        if (place == -1 && PyErr_Occurred())
            return -1;
        if (place < limit)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

PyObject *native_within(PyObject *module, PyObject *args)
{
    PyObject *from, *several, *kept = NULL;
    if (!PyArg_ParseTuple(args, "OO", &from, &several))
        return NULL;
    PyObject *places = PySequence_Fast(from, "positions are a list");
    PyObject *regions = places == NULL ? NULL : PySequence_Fast(several, "regions are a list");
    if (regions != NULL)
        kept = PyList_New(0);
    for (Py_ssize_t i = 0; kept != NULL && i < PySequence_Fast_GET_SIZE(regions); i++) {
        long long first, end;
        Py_ssize_t low = -1, high = -1;
        if (PyArg_ParseTuple(PySequence_Fast_GET_ITEM(regions, i), "LL", &first, &end)
            && (low = first_from(places, first, 0)) >= 0)
            high = first_from(places, end, low);
        if (high < 0)
            Py_CLEAR(kept);
        for (Py_ssize_t at = low; kept != NULL && at < high; at++)
            if (PyList_Append(kept, PySequence_Fast_GET_ITEM(places, at)) < 0)
                Py_CLEAR(kept);
    }
    Py_XDECREF(places);
    Py_XDECREF(regions);
    return kept;
}

/* The times of ascending places: the start of the cue that holds each. */
static PyObject *times_of(const int64_t *places, Py_ssize_t size, PyObject *first_of, PyObject *starts_of)
{
    PyObject *result = NULL;
    Numbers first = {0}, starts = {0};
    if (numbers_from(first_of, &first) < 0 || numbers_from(starts_of, &starts) < 0)
        goto done;
    if (first.size != starts.size + 1) {
        PyErr_SetString(PyExc_ValueError, "times are cut off");
        goto done;
    }
    result = PyList_New(size);
    PyObject *time = NULL;
    Py_ssize_t cue = 0, known = -1;
    for (Py_ssize_t i = 0; result != NULL && i < size; i++) {
        if (places[i] < first.at[cue] || places[i] >= first.at[starts.size]) {
            PyErr_SetString(PyExc_IndexError, "a position that is not there, or out of order");
            Py_CLEAR(result);
            break;
        }
        if (places[i] >= first.at[cue + 1]) {
            /* The next cue mostly; else looked for in the rest, whose last entry is greater. */
            cue = places[i] < first.at[cue + 2] ? cue + 1 : first_above(&first, places[i], cue + 3) - 1;
        }
        if (cue != known) {
            Py_XDECREF(time);
            time = PyLong_FromLongLong(starts.at[cue]);
            known = cue;
        }
        if (time == NULL)
            Py_CLEAR(result);
        else
            PyList_SET_ITEM(result, i, Py_NewRef(time));
    }
    Py_XDECREF(time);
done:
    numbers_free(&first);
    numbers_free(&starts);
    return result;
}

PyObject *native_times_at(PyObject *module, PyObject *args)
{
    PyObject *from, *first, *starts, *result = NULL;
    Numbers places = {0};
    if (!PyArg_ParseTuple(args, "OOO", &from, &first, &starts))
        return NULL;
    if (numbers_from(from, &places) == 0)
        result = times_of(places.at, places.size, first, starts);
    numbers_free(&places);
    return result;
}

PyObject *native_ascends(PyObject *module, PyObject *from)
{
    Column numbers = {.size = 0};
    PyObject *result = NULL;
    if (column_from(from, 0, &numbers) == 0) {
        Py_ssize_t at = 1;
        while (at < numbers.size && column_at(&numbers, at - 1) <= column_at(&numbers, at))
            at++;
        if (!PyErr_Occurred())
            result = PyBool_FromLong(at >= numbers.size);
    }
    column_free(&numbers);
    return result;
}

PyObject *native_hit_times(PyObject *module, PyObject *args)
{
    PyObject *from, *first, *starts, *result = NULL;
    Hits hits = {0};
    if (!PyArg_ParseTuple(args, "OOO", &from, &first, &starts))
        return NULL;
    if (hits_from(from, -1, &hits) == 0)
        result = times_of(hits.places, hits.size, first, starts);
    hits_free(&hits);
    return result;
}

PyObject *native_outside_wholes(PyObject *module, PyObject *args)
{
    PyObject *from, *lengths_of, *kinds_of, *result = NULL;
    Hits hits = {0};
    Numbers lengths = {0}, kinds = {0};
    Growing kept = {0};
    int64_t *covers = NULL, longest = 0;
    Py_ssize_t low = 0, high = 0, amount = 0;
    if (!PyArg_ParseTuple(args, "OOO", &from, &lengths_of, &kinds_of))
        return NULL;
    if (numbers_from(lengths_of, &lengths) < 0 || numbers_from(kinds_of, &kinds) < 0)
        goto done;
    if (kinds.size != lengths.size) {
        PyErr_SetString(PyExc_ValueError, "a length and a kind for each term");
        goto done;
    }
    if (hits_from(from, lengths.size, &hits) < 0)
        goto done;
    Numbers places = {hits.places, hits.size};
    if (must_ascend(&places, "hits") < 0)
        goto done;
    covers = PyMem_New(int64_t, 2 * hits.size + 1);
    if (covers == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    for (Py_ssize_t i = 0; i < hits.size; i++)
        if (kinds.at[hits.terms[i]] & WHOLE)
            amount = add_cover(covers, amount, hits.places[i], hits.places[i] + lengths.at[hits.terms[i]]);
    for (Py_ssize_t i = 0; i < lengths.size; i++)
        if (kinds.at[i] & WHOLE && lengths.at[i] > longest)
            longest = lengths.at[i];
    for (Py_ssize_t i = 0; i < hits.size; i++) {
        int64_t place = hits.places[i], size = lengths.at[hits.terms[i]], end = place + size;
        int inside = 0;
        if (kinds.at[hits.terms[i]] & PART) {
            while (high < amount && covers[2 * high] <= place)
                high++;
            while (low < high && covers[2 * low] < place - longest)
                low++;
            for (Py_ssize_t one = low; one < high && !inside; one++)
                inside = covers[2 * one + 1] >= end && covers[2 * one + 1] - covers[2 * one] > size;
        }
        if (!inside && growing_push(&kept, i) < 0)
            goto done;
    }
    result = list_of(kept.at, kept.size);
done:
    PyMem_Free(covers);
    PyMem_Free(kept.at);
    hits_free(&hits);
    numbers_free(&lengths);
    numbers_free(&kinds);
    return result;
}
