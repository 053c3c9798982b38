/* Where the positions of one term are densest, and the lesser of two counts. */

#include "native.h"

/* The times of the ascending positions: the starts of their cues. -1 with an exception. */
static int times_into(const Numbers *places, const Column *first, const Column *starts, int64_t *at)
{
    Py_ssize_t cue = 0; /* the first cue that may begin behind the position */
    for (Py_ssize_t i = 0; i < places->size; i++) {
        Py_ssize_t low = cue, high = first->size;
        while (low < high) {
            Py_ssize_t middle = low + (high - low) / 2;
            if (column_at(first, middle) > places->at[i])
                high = middle;
            else
                low = middle + 1;
        }
        if (PyErr_Occurred())
            return -1;
        if (!low || low > starts->size) {
            PyErr_SetString(PyExc_IndexError, "a position that is not there");
            return -1;
        }
        cue = low;
        at[i] = column_at(starts, low - 1);
    }
    return PyErr_Occurred() ? -1 : 0;
}

/* The most positions of [begin, end) in one window. */
static Py_ssize_t densest(const int64_t *places, const int64_t *at, Py_ssize_t begin, Py_ssize_t end, int64_t ms,
                          int64_t atoms)
{
    Py_ssize_t most = 0, reached = begin;
    for (Py_ssize_t one = begin; one < end; one++) {
        if (reached < one + 1)
            reached = one + 1;
        while (reached < end && places[reached] <= places[one] + atoms && at[reached] <= at[one] + ms)
            reached++;
        if (reached - one > most)
            most = reached - one;
    }
    return most;
}

/* The groups as a list of (most, begin, end); NULL with an exception. */
static PyObject *groups_of(const Numbers *places, const int64_t *at, int64_t apart_ms, int64_t apart_atoms, int64_t ms,
                           int64_t atoms, Py_ssize_t least)
{
    PyObject *groups = PyList_New(0);
    Py_ssize_t begin = 0;
    for (Py_ssize_t end = 1; groups != NULL && end <= places->size; end++) {
        if (end < places->size && places->at[end] - places->at[begin] <= apart_atoms
            && (at[end] > at[begin] ? at[end] - at[begin] : at[begin] - at[end]) < apart_ms)
            continue;
        Py_ssize_t most = end - begin < least ? 0 : densest(places->at, at, begin, end, ms, atoms);
        if (most && most >= least) {
            PyObject *group = Py_BuildValue("(nnn)", most, begin, end);
            if (group == NULL || PyList_Append(groups, group) < 0)
                Py_CLEAR(groups);
            Py_XDECREF(group);
        }
        begin = end;
    }
    return groups;
}

PyObject *native_dense_groups(PyObject *module, PyObject *args)
{
    PyObject *from_places, *from_first, *from_starts, *result = NULL;
    long long apart_ms, apart_atoms, ms, atoms;
    Py_ssize_t least;
    if (!PyArg_ParseTuple(args, "OOOLLLLn", &from_places, &from_first, &from_starts, &apart_ms, &apart_atoms, &ms,
                          &atoms, &least))
        return NULL;
    Numbers places = {0};
    Column first = {.size = 0}, starts = {.size = 0};
    int64_t *at = NULL;
    if (numbers_from(from_places, &places) < 0 || must_ascend(&places, "positions") < 0
        || column_from(from_first, 0, &first) < 0 || column_from(from_starts, 0, &starts) < 0)
        goto done;
    at = PyMem_New(int64_t, places.size + 1);
    if (at == NULL)
        PyErr_NoMemory();
    else if (times_into(&places, &first, &starts, at) == 0)
        result = groups_of(&places, at, apart_ms, apart_atoms, ms, atoms, least);
done:
    PyMem_Free(at);
    numbers_free(&places);
    column_free(&first);
    column_free(&starts);
    return result;
}

PyObject *native_least(PyObject *module, PyObject *args)
{
    PyObject *one, *other, *key, *value;
    if (!PyArg_ParseTuple(args, "O!O!", &PyDict_Type, &one, &PyDict_Type, &other))
        return NULL;
    PyObject *least = PyDict_New();
    Py_ssize_t at = 0;
    while (least != NULL && PyDict_Next(one, &at, &key, &value)) {
        PyObject *beside = PyDict_GetItemWithError(other, key);
        if (beside == NULL && !PyErr_Occurred())
            continue;
        long long here = beside == NULL ? 0 : PyLong_AsLongLong(value);
        long long there = beside == NULL ? 0 : PyLong_AsLongLong(beside);
        if (PyErr_Occurred() || PyDict_SetItem(least, key, there < here ? beside : value) < 0)
            Py_CLEAR(least);
    }
    return least;
}
