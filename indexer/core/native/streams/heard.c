/* Finds runs of several words that sound like one. */

#include "native.h"

#define FIRSTS 65536

/* A bit for the first two sounds of each key: few runs begin as one. */
static void mark_firsts(const uint32_t *keys, size_t amount, int shift, unsigned char *firsts)
{
    for (size_t i = 0; i < amount; i++) {
        uint32_t first = keys[i] >> shift & (FIRSTS - 1);
        firsts[first >> 3] |= (unsigned char)(1 << (first & 7));
    }
}

static int is_key(const uint32_t *keys, size_t amount, uint32_t wanted)
{
    size_t low = 0, high = amount;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (keys[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low < amount && keys[low] == wanted;
}

/* Appends where runs begin; -1 without memory. `begins` has the bits of the marks of the last `size` atoms and of the
   one after them. */
static int scan_heard(const unsigned char *sounds, Py_ssize_t atoms, const unsigned char *marks, int size,
                      const uint32_t *keys, size_t amount, Growing *found)
{
    unsigned char firsts[FIRSTS / 8] = {0};
    const int shift = 8 * (size - 2);
    const Py_ssize_t padding = (atoms + 7) / 8 * 8 - atoms;
    const uint32_t whole = (uint32_t)(((uint64_t)1 << 8 * size) - 1);
    const unsigned ends = 1u << size | 1, inside = (1u << size) - 2;
    uint32_t heard = 0;
    unsigned begins = 0;
    mark_firsts(keys, amount, shift, firsts);
    for (Py_ssize_t end = 0; end <= atoms; end++) { /* the run ends before `end` */
        begins = begins << 1 | (end == atoms ? 1u : (unsigned)bit(marks, padding, end));
        uint32_t first = heard >> shift & (FIRSTS - 1);
        if (end >= size && (begins & ends) == ends && (begins & inside) && firsts[first >> 3] >> (first & 7) & 1
            && is_key(keys, amount, heard & whole) && growing_push(found, end - size) < 0)
            return -1;
        if (end < atoms)
            heard = heard << 8 | sounds[end];
    }
    return 0;
}

PyObject *native_runs_heard(PyObject *module, PyObject *args)
{
    Py_buffer sounds, marks, keys = {0};
    int size;
    PyObject *wanted, *result = NULL;
    Growing found = {0};
    if (!PyArg_ParseTuple(args, "y*y*iO", &sounds, &marks, &size, &wanted))
        return NULL;
    if (array_from(wanted, 0, sizeof(uint32_t), &keys) < 0)
        goto done;
    if (marks.len != sounds.len / 8 + (sounds.len % 8 != 0))
        PyErr_SetString(PyExc_ValueError, "the marks of words are cut off");
    else if (size < 2 || size > 4)
        PyErr_SetString(PyExc_ValueError, "a run has 2 to 4 atoms");
    else if (scan_heard(sounds.buf, sounds.len, marks.buf, size, keys.buf, (size_t)keys.len / sizeof(uint32_t), &found)
             == 0)
        result = list_of(found.at, found.size);
done:
    PyMem_Free(found.at);
    PyBuffer_Release(&sounds);
    PyBuffer_Release(&marks);
    PyBuffer_Release(&keys);
    return result;
}
