/* Counts neighbours in runs of numbers. */

#include "native.h"

static inline size_t bucket_of(uint32_t one, uint32_t other, size_t mask)
{
    uint32_t hash = one * 2654435761u + other * 2246822519u;
    return (hash ^ hash >> 15) & mask;
}

/* An array of a power of two of buckets, as array_from. */
static int buckets_from(PyObject *from, int writable, Py_buffer *into)
{
    if (array_from(from, writable, sizeof(uint16_t), into) < 0)
        return -1;
    size_t size = (size_t)into->len / sizeof(uint16_t);
    if (size > 0 && (size & (size - 1)) == 0)
        return 0;
    PyErr_SetString(PyExc_ValueError, "a power of two of buckets");
    return -1;
}

PyObject *native_tally_pairs(PyObject *module, PyObject *args)
{
    Py_buffer numbers = {0}, buckets = {0};
    PyObject *run, *counted, *result = NULL;
    if (!PyArg_ParseTuple(args, "OO", &run, &counted) || array_from(run, 0, sizeof(uint32_t), &numbers) < 0
        || buckets_from(counted, 1, &buckets) < 0)
        goto done;
    const uint32_t *at = numbers.buf;
    uint16_t *into = buckets.buf;
    Py_ssize_t size = numbers.len / (Py_ssize_t)sizeof *at;
    size_t mask = (size_t)buckets.len / sizeof *into - 1;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t i = 1; i < size; i++)
        if (at[i - 1] && at[i]) {
            uint16_t *bucket = &into[bucket_of(at[i - 1], at[i], mask)];
            *bucket += *bucket < UINT16_MAX;
        }
    Py_END_ALLOW_THREADS
    result = Py_NewRef(Py_None);
done:
    PyBuffer_Release(&numbers);
    PyBuffer_Release(&buckets);
    return result;
}

PyObject *native_likely_pairs(PyObject *module, PyObject *args)
{
    Py_buffer numbers = {0}, buckets = {0};
    unsigned int least;
    PyObject *run, *counted, *result = NULL;
    if (!PyArg_ParseTuple(args, "OOI", &run, &counted, &least) || array_from(run, 0, sizeof(uint32_t), &numbers) < 0
        || buckets_from(counted, 0, &buckets) < 0)
        goto done;
    const uint32_t *at = numbers.buf;
    const uint16_t *counts = buckets.buf;
    Py_ssize_t size = numbers.len / (Py_ssize_t)sizeof *at, found = 0;
    size_t mask = (size_t)buckets.len / sizeof *counts - 1;
    least = least < UINT16_MAX ? least : UINT16_MAX;
    result = PyBytes_FromStringAndSize(NULL, (size ? size - 1 : 0) * (Py_ssize_t)sizeof(uint64_t));
    if (result == NULL)
        goto done;
    char *into = PyBytes_AS_STRING(result);
    for (Py_ssize_t i = 1; i < size; i++)
        if (at[i - 1] && at[i] && counts[bucket_of(at[i - 1], at[i], mask)] >= least) {
            uint64_t key = (uint64_t)at[i - 1] << 32 | at[i];
            memcpy(into + found++ * (Py_ssize_t)sizeof key, &key, sizeof key);
        }
    _PyBytes_Resize(&result, found * (Py_ssize_t)sizeof(uint64_t));
done:
    PyBuffer_Release(&numbers);
    PyBuffer_Release(&buckets);
    return result;
}

PyObject *native_translated(PyObject *module, PyObject *args)
{
    Py_buffer numbers = {0}, table = {0};
    PyObject *run, *others, *result = NULL;
    if (!PyArg_ParseTuple(args, "OO", &run, &others) || array_from(run, 0, sizeof(uint32_t), &numbers) < 0
        || array_from(others, 0, sizeof(uint32_t), &table) < 0)
        goto done;
    const uint32_t *at = numbers.buf, *meaning = table.buf;
    Py_ssize_t size = numbers.len / (Py_ssize_t)sizeof *at;
    size_t places = (size_t)table.len / sizeof *meaning;
    result = PyBytes_FromStringAndSize(NULL, numbers.len);
    if (result == NULL)
        goto done;
    char *into = PyBytes_AS_STRING(result);
    for (Py_ssize_t i = 0; i < size; i++) {
        uint32_t value = at[i] < places ? meaning[at[i]] : 0;
        memcpy(into + i * (Py_ssize_t)sizeof value, &value, sizeof value);
    }
done:
    PyBuffer_Release(&numbers);
    PyBuffer_Release(&table);
    return result;
}
