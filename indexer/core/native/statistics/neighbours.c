/* Lists the different neighbours of words in a run of numbers. */

#include "native.h"

#include <stdlib.h>

static int by_value(const void *one, const void *other)
{
    uint64_t left = *(const uint64_t *)one, right = *(const uint64_t *)other;
    return (left > right) - (left < right);
}

/* Keeps each of some pairs once, in order, and lowers what is wanted of their words; how many are kept. */
static Py_ssize_t note(uint64_t *pairs, Py_ssize_t amount, int64_t *left)
{
    Py_ssize_t kept = 0;
    if (amount > 1)
        qsort(pairs, (size_t)amount, sizeof *pairs, by_value);
    for (Py_ssize_t i = 0; i < amount; i++)
        if (!kept || pairs[kept - 1] != pairs[i]) {
            left[pairs[i] >> 32]--;
            pairs[kept++] = pairs[i];
        }
    return kept;
}

PyObject *native_neighbours(PyObject *module, PyObject *args)
{
    Py_buffer numbers = {0}, earlier = {0}, later = {0};
    uint64_t *ahead = NULL, *behind = NULL;
    PyObject *run, *before, *after, *result = NULL;
    if (!PyArg_ParseTuple(args, "OOO", &run, &before, &after) || array_from(run, 0, sizeof(uint32_t), &numbers) < 0
        || array_from(before, 1, sizeof(int64_t), &earlier) < 0 || array_from(after, 1, sizeof(int64_t), &later) < 0)
        goto done;
    if (earlier.len != later.len) {
        PyErr_SetString(PyExc_ValueError, "each word has two sides");
        goto done;
    }
    const uint32_t *at = numbers.buf;
    int64_t *left = earlier.buf, *right = later.buf;
    Py_ssize_t size = numbers.len / (Py_ssize_t)sizeof *at, found = 0;
    uint64_t places = (uint64_t)earlier.len / sizeof *left;
    ahead = PyMem_New(uint64_t, size + 1);
    behind = PyMem_New(uint64_t, size + 1);
    if (ahead == NULL || behind == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    for (Py_ssize_t i = 0; i < size; i++)
        if (at[i] < places && left[at[i]] > 0 && right[at[i]] > 0) {
            ahead[found] = (uint64_t)at[i] << 32 | (i ? at[i - 1] : 0);
            behind[found++] = (uint64_t)at[i] << 32 | (i + 1 < size ? at[i + 1] : 0);
        }
    Py_ssize_t first = note(ahead, found, left), second = note(behind, found, right);
    result = Py_BuildValue("y#y#", (char *)ahead, first * (Py_ssize_t)sizeof *ahead, (char *)behind,
                           second * (Py_ssize_t)sizeof *behind);
done:
    PyMem_Free(ahead);
    PyMem_Free(behind);
    PyBuffer_Release(&numbers);
    PyBuffer_Release(&earlier);
    PyBuffer_Release(&later);
    return result;
}
