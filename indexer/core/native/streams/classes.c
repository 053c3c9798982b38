/* Finds where in some bytes each is one of those that are possible at its place. */

#include "native.h"

#define MOST 64
#define LANES 4
#define LONG 16384 /* bytes from which data is scanned in lanes */

/* For each byte, a bit for each place at which it is possible. -1 with an exception. */
static int read_classes(PyObject *items, uint64_t *places)
{
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(items); i++) {
        Py_buffer members;
        if (PyObject_GetBuffer(PySequence_Fast_GET_ITEM(items, i), &members, PyBUF_SIMPLE) < 0)
            return -1;
        for (Py_ssize_t j = 0; j < members.len; j++)
            places[((const unsigned char *)members.buf)[j]] |= (uint64_t)1 << i;
        PyBuffer_Release(&members);
    }
    return 0;
}

/* Shift-and (Baeza-Yates and Gonnet, 1992): a bit of `begun` is 1 if what ends here fits so many places. One step a
   byte, whatever the classes. Looks at what ends in [from, until). */
static int scan_classes(const unsigned char *data, Py_ssize_t from, Py_ssize_t until, const uint64_t *places,
                        Py_ssize_t length, Growing *found)
{
    const uint64_t whole = (uint64_t)1 << (length - 1);
    uint64_t begun = 0;
    for (Py_ssize_t at = from < length ? 0 : from - length + 1; at < until; at++) {
        begun = (begun << 1 | 1) & places[data[at]];
        if ((begun & whole) && at >= from && growing_push(found, at - length + 1) < 0)
            return -1;
    }
    return 0;
}

/* The same of long data, of some parts at a time: each step waits for the one before, but not for those of others. */
static int scan_lanes(const unsigned char *data, Py_ssize_t size, const uint64_t *places, Py_ssize_t length,
                      Growing *found)
{
    const uint64_t whole = (uint64_t)1 << (length - 1);
    const Py_ssize_t part = size / LANES;
    uint64_t begun[LANES] = {0};
    Growing each[LANES] = {{0}};
    int failed = 0;
    for (int lane = 1; lane < LANES; lane++) /* what ends in a part may begin before it */
        for (Py_ssize_t at = lane * part - length + 1; at < lane * part; at++)
            begun[lane] = (begun[lane] << 1 | 1) & places[data[at]];
    for (Py_ssize_t at = 0; at < part && !failed; at++) {
        uint64_t any = 0;
        for (int lane = 0; lane < LANES; lane++) {
            begun[lane] = (begun[lane] << 1 | 1) & places[data[lane * part + at]];
            any |= begun[lane];
        }
        for (int lane = 0; (any & whole) && lane < LANES; lane++)
            if (begun[lane] & whole)
                failed |= growing_push(&each[lane], lane * part + at - length + 1) < 0;
    }
    for (int lane = 0; lane < LANES; lane++) {
        for (Py_ssize_t at = 0; at < each[lane].size && !failed; at++)
            failed = growing_push(found, each[lane].at[at]) < 0;
        PyMem_Free(each[lane].at);
    }
    return failed ? -1 : scan_classes(data, LANES * part, size, places, length, found);
}

/* The first place at which only one byte is possible, and that byte; -1 if there is none. */
static Py_ssize_t only_one(const uint64_t *places, Py_ssize_t length, int *only)
{
    for (Py_ssize_t place = 0; place < length; place++) {
        int amount = 0;
        for (int byte = 0; byte < 256 && amount < 2; byte++)
            if (places[byte] >> place & 1) {
                amount++;
                *only = byte;
            }
        if (amount == 1)
            return place;
    }
    return -1;
}

/* The same where only one byte is possible at a place: that one is sought, which is several times as fast. */
static int scan_around(const unsigned char *data, Py_ssize_t size, const uint64_t *places, Py_ssize_t length,
                       Py_ssize_t place, int only, Growing *found)
{
    const unsigned char *end = data + size - (length - 1 - place), *next = data + place;
    while (next < end && (next = memchr(next, only, (size_t)(end - next))) != NULL) {
        const unsigned char *first = next++ - place;
        Py_ssize_t fit = 0;
        while (fit < length && (places[first[fit]] >> fit & 1))
            fit++;
        if (fit == length && growing_push(found, first - data) < 0)
            return -1;
    }
    return 0;
}

static int scan(const unsigned char *data, Py_ssize_t size, const uint64_t *places, Py_ssize_t length, Growing *found)
{
    int only = 0;
    if (size < length)
        return 0;
    Py_ssize_t place = only_one(places, length, &only);
    if (place >= 0)
        return scan_around(data, size, places, length, place, only, found);
    if (size < LONG)
        return scan_classes(data, 0, size, places, length, found);
    return scan_lanes(data, size, places, length, found);
}

PyObject *native_find_classes(PyObject *module, PyObject *args)
{
    Py_buffer data;
    PyObject *classes, *result = NULL;
    uint64_t places[256] = {0};
    Growing found = {0};
    if (!PyArg_ParseTuple(args, "y*O", &data, &classes))
        return NULL;
    PyObject *items = PySequence_Fast(classes, "classes are a list");
    if (items == NULL)
        goto done;
    Py_ssize_t length = PySequence_Fast_GET_SIZE(items);
    if (length < 1 || length > MOST)
        PyErr_SetString(PyExc_ValueError, "there are 1 to 64 classes");
    else if (read_classes(items, places) == 0 && scan(data.buf, data.len, places, length, &found) == 0)
        result = list_of(found.at, found.size);
done:
    PyMem_Free(found.at);
    Py_XDECREF(items);
    PyBuffer_Release(&data);
    return result;
}
