/* Groups the places of several ways to be found in an episode. */

#include "native.h"

#define MOST_BITS 20

/* Appends the keys of a part, (way, ascending places); -1 with an exception. */
static int push_keys(PyObject *part, int bits, Py_ssize_t ways, Growing *keys)
{
    Py_ssize_t way;
    PyObject *from;
    Numbers places = {0};
    if (!PyTuple_Check(part)) {
        PyErr_SetString(PyExc_TypeError, "a part is (way, positions)");
        return -1;
    }
    if (!PyArg_ParseTuple(part, "nO", &way, &from) || numbers_from(from, &places) < 0)
        return -1;
    if (way < 0 || way >= ways || way >= (Py_ssize_t)1 << bits)
        PyErr_SetString(PyExc_IndexError, "a way that is not there");
    int64_t before = 0;
    for (Py_ssize_t i = 0; i < places.size && !PyErr_Occurred(); i++) {
        if (places.at[i] < before || places.at[i] >= (int64_t)1 << (62 - MOST_BITS))
            PyErr_SetString(PyExc_ValueError, "positions must ascend");
        else if (growing_push(keys, places.at[i] << bits | way) == 0)
            before = places.at[i];
    }
    numbers_free(&places);
    return PyErr_Occurred() ? -1 : 0;
}

/* Appends where each group of the ordered keys ends; -1 with an exception. */
static int push_ends(const int64_t *keys, Py_ssize_t size, int bits, const Numbers *first, const Numbers *starts,
                     uint64_t apart, int64_t most, Growing *ends)
{
    int64_t place = 0, time = 0; /* of the first key of a group */
    for (Py_ssize_t i = 0, cue = 0; i < size; i++) {
        int64_t here = keys[i] >> bits;
        if (here < first->at[0] || here >= first->at[starts->size]) {
            PyErr_SetString(PyExc_IndexError, "a position that is not there");
            return -1;
        }
        while (here >= first->at[cue + 1])
            cue++;
        int64_t now = starts->at[cue];
        if (i == 0 || here - place > most || (uint64_t)now - (uint64_t)time >= apart) {
            if (i && growing_push(ends, i) < 0)
                return -1;
            place = here;
            time = now;
        }
    }
    return size ? growing_push(ends, size) : 0;
}

static PyObject *packed(const int64_t *keys, Py_ssize_t size)
{
    return PyBytes_FromStringAndSize((const char *)keys, size * (Py_ssize_t)sizeof *keys);
}

PyObject *native_grouped(PyObject *module, PyObject *args)
{
    PyObject *parts_of, *ranks_of, *first_of, *starts_of, *result = NULL, *codes = NULL;
    int bits;
    long long apart, most;
    Numbers ranks = {0}, first = {0}, starts = {0};
    Growing keys = {0}, ends = {0};
    Py_ssize_t *runs = NULL;
    if (!PyArg_ParseTuple(args, "OiOOOLL", &parts_of, &bits, &ranks_of, &first_of, &starts_of, &apart, &most))
        return NULL;
    PyObject *parts = PySequence_Fast(parts_of, "parts are a list");
    if (parts == NULL)
        return NULL;
    if (numbers_from(ranks_of, &ranks) < 0 || numbers_from(first_of, &first) < 0
        || numbers_from(starts_of, &starts) < 0)
        goto done;
    if (must_ascend(&first, "atoms") < 0 || must_ascend(&starts, "times") < 0)
        goto done;
    if (bits < 1 || bits > MOST_BITS || first.size != starts.size + 1) {
        PyErr_SetString(PyExc_ValueError, "times are cut off, or there are too many ways");
        goto done;
    }
    Py_ssize_t amount = PySequence_Fast_GET_SIZE(parts);
    runs = PyMem_New(Py_ssize_t, amount + 2);
    if (runs == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    for (Py_ssize_t i = 0; i < amount; i++) {
        runs[i] = keys.size;
        if (push_keys(PySequence_Fast_GET_ITEM(parts, i), bits, ranks.size, &keys) < 0)
            goto done;
    }
    if (merge_runs(&keys, runs, amount) < 0
        || push_ends(keys.at, keys.size, bits, &first, &starts, apart > 1 ? (uint64_t)apart : 1, most, &ends) < 0
        || (codes = packed(keys.at, keys.size)) == NULL)
        goto done;
    for (Py_ssize_t i = 0; i < keys.size; i++)
        keys.at[i] = ranks.at[keys.at[i] & (((int64_t)1 << bits) - 1)];
    result = Py_BuildValue("NNN", codes, packed(keys.at, keys.size), list_of(ends.at, ends.size));
done:
    PyMem_Free(runs);
    PyMem_Free(keys.at);
    PyMem_Free(ends.at);
    numbers_free(&ranks);
    numbers_free(&first);
    numbers_free(&starts);
    Py_DECREF(parts);
    return result;
}
