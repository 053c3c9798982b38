/* Numbers the words of a stream, and counts them. */

#include "native.h"

#define NARROW 65536
#define SHORT 32 /* units of a word that is decoded without a codec, which takes longer than all the rest */
#define PACKED 4 /* narrow units that are one key */

/* The words of one stream that have been seen: where each occurs first, in units, and its number, which is 0 in a free
   slot. Words of one narrow unit are kept by that unit instead, those of few in what is known. */
typedef struct {
    uint32_t at, length, number;
} Seen;

/* A word of two to PACKED narrow units as they are stored, the first in the lowest bits, and its number: a free slot is
   all 0. The slots are the bytes of `known`, which the caller keeps from one stream to the next. */
typedef struct {
    uint64_t key;
    uint32_t number, unused;
} Known;

typedef struct {
    const char *text;
    int width;
    uint32_t units;
    PyObject *names, *numbers, *vocabulary, *known;
    uint32_t *alone;
    Seen *slots;
    size_t mask;
} Numbering;

/* A word as Python has it; NULL with an exception. */
static PyObject *decoded(const Numbering *by, uint32_t at, uint32_t length)
{
    Py_UCS4 units[SHORT];
    uint32_t plain = 0;
    for (; length <= SHORT && plain < length; plain++) {
        units[plain] = stored_unit(by->text, by->width, (Py_ssize_t)at + plain);
        if ((units[plain] >= 0xD800 && units[plain] <= 0xDFFF) || units[plain] > 0x10FFFF)
            break;
    }
    if (plain == length)
        return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, units, length);
    int little = -1;
    const char *begin = by->text + (Py_ssize_t)at * by->width;
    Py_ssize_t size = (Py_ssize_t)length * by->width;
    return by->width == 2 ? PyUnicode_DecodeUTF16(begin, size, "replace", &little)
                          : PyUnicode_DecodeUTF32(begin, size, "replace", &little);
}

/* The number of a word as Python knows it, or a new one; 0 with an exception. */
static uint32_t number_of(const Numbering *by, uint32_t at, uint32_t length)
{
    PyObject *word = decoded(by, at, length);
    if (word == NULL)
        return 0;
    uint32_t result = 0;
    PyObject *known = PyDict_GetItemWithError(by->names, word);
    if (known == NULL && !PyErr_Occurred())
        known = PyDict_GetItemWithError(by->numbers, word);
    if (known != NULL) {
        unsigned long number = PyLong_AsUnsignedLong(known);
        if (!PyErr_Occurred() && (number == 0 || number > UINT32_MAX))
            PyErr_SetString(PyExc_ValueError, "a word has no such number");
        result = PyErr_Occurred() ? 0 : (uint32_t)number;
    } else if (!PyErr_Occurred()) {
        Py_ssize_t next = PyList_GET_SIZE(by->vocabulary);
        PyObject *number = PyLong_FromSsize_t(next);
        if (next == 0)
            PyErr_SetString(PyExc_ValueError, "the number 0 is no word's");
        else if (number != NULL && PyDict_SetItem(by->numbers, word, number) == 0
                 && PyList_Append(by->vocabulary, word) == 0)
            result = (uint32_t)next;
        Py_XDECREF(number);
    }
    Py_DECREF(word);
    return result;
}

/* The slot of a key, or the free one in which it belongs; NULL if there is neither. */
static Known *known_slot(Known *slots, size_t amount, uint64_t key)
{
    uint64_t hash = key * 0x9E3779B97F4A7C15u;
    size_t first = (size_t)(hash >> 32 ^ hash), mask = amount - 1;
    for (size_t step = 0; step < amount; step++) {
        Known *slot = &slots[(first + step) & mask];
        if (slot->number == 0 || slot->key == key)
            return slot;
    }
    return NULL;
}

/* Doubles the slots, or makes the first ones; -1 with an exception. */
static int more_slots(PyObject *known)
{
    size_t amount = (size_t)PyByteArray_GET_SIZE(known) / sizeof(Known), more = amount ? 2 * amount : 1024;
    Known *slots = PyMem_Calloc(more, sizeof *slots);
    if (slots == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    const Known *old = (const Known *)PyByteArray_AS_STRING(known);
    for (size_t i = 0; i < amount; i++)
        if (old[i].number)
            *known_slot(slots, more, old[i].key) = old[i];
    int failed = PyByteArray_Resize(known, (Py_ssize_t)(more * sizeof *slots));
    if (failed == 0)
        memcpy(PyByteArray_AS_STRING(known), slots, more * sizeof *slots);
    PyMem_Free(slots);
    return failed;
}

/* The number of a word of few narrow units, from what is known or added to it; 0 with an exception. */
static uint32_t known_number(const Numbering *by, uint32_t at, uint32_t length)
{
    uint64_t key = 0;
    for (uint32_t i = length; i-- > 0;)
        key = key << 16 | stored_unit(by->text, 2, (Py_ssize_t)at + i);
    size_t amount = (size_t)PyByteArray_GET_SIZE(by->known) / sizeof(Known);
    Known *slot = amount ? known_slot((Known *)PyByteArray_AS_STRING(by->known), amount, key) : NULL;
    if (slot != NULL && slot->number)
        return slot->number;
    uint32_t number = number_of(by, at, length);
    if (number == 0)
        return 0;
    /* no word has two slots, so that half of them stay free */
    if (amount < 2 * (size_t)PyList_GET_SIZE(by->vocabulary)) {
        if (more_slots(by->known) < 0)
            return 0;
        amount = (size_t)PyByteArray_GET_SIZE(by->known) / sizeof(Known);
        slot = known_slot((Known *)PyByteArray_AS_STRING(by->known), amount, key);
    }
    if (slot != NULL)
        *slot = (Known){key, number, 0};
    return number;
}

/* Room for the other words of a stream, once there is one; -1 with an exception. */
static int make_slots(Numbering *by)
{
    size_t slots = 16;
    while (slots < 2 * (size_t)by->units)
        slots *= 2;
    by->mask = slots - 1;
    by->slots = PyMem_Calloc(slots, sizeof *by->slots);
    if (by->slots == NULL)
        PyErr_NoMemory();
    return by->slots == NULL ? -1 : 0;
}

static uint32_t number_at(Numbering *by, uint32_t at, uint32_t length)
{
    if (length == 1 && by->width == 2) {
        uint32_t *number = &by->alone[unit_at(by->text, 2, at)];
        if (*number == 0)
            *number = number_of(by, at, 1);
        return *number;
    }
    if (length <= PACKED && by->width == 2)
        return known_number(by, at, length);
    if (by->slots == NULL && make_slots(by) < 0)
        return 0;
    uint32_t hash = length;
    for (uint32_t i = 0; i < length; i++)
        hash = (hash ^ unit_at(by->text, by->width, (Py_ssize_t)at + i)) * 2654435761u;
    size_t bytes = (size_t)length * (size_t)by->width;
    for (size_t slot = (hash ^ hash >> 15) & by->mask;; slot = (slot + 1) & by->mask) {
        Seen *seen = &by->slots[slot];
        if (seen->number == 0) {
            *seen = (Seen){at, length, number_of(by, at, length)};
            return seen->number;
        }
        if (seen->length == length
            && memcmp(by->text + (size_t)seen->at * by->width, by->text + (size_t)at * by->width, bytes) == 0)
            return seen->number;
    }
}

/* Writes the number of each word; how many there are, or -1 with an exception. */
static Py_ssize_t number_all(Numbering *by, const Py_buffer *marks, uint32_t *into)
{
    const unsigned char *bits = marks->len ? marks->buf : NULL;
    Py_ssize_t padding = marks->len * 8 - (Py_ssize_t)by->units, count = 0;
    uint32_t at = 0, units = by->units;
    while (bits != NULL && at < units && !bit(bits, padding, at))
        at++;
    while (at < units) {
        uint32_t end = at + 1;
        while (bits != NULL && end < units && !bit(bits, padding, end))
            end++;
        if ((into[count++] = number_at(by, at, end - at)) == 0)
            return -1;
        at = end;
    }
    return count;
}

PyObject *native_word_numbers(PyObject *module, PyObject *args)
{
    Py_buffer data, marks;
    Py_ssize_t begin, end;
    Numbering by = {0};
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*nniy*O!O!O!O!", &data, &begin, &end, &by.width, &marks, &PyDict_Type, &by.names,
                          &PyDict_Type, &by.numbers, &PyList_Type, &by.vocabulary, &PyByteArray_Type, &by.known))
        return NULL;
    if ((by.width != 2 && by.width != 4) || begin < 0 || begin > end || end > data.len || (end - begin) % by.width
        || (end - begin) / by.width > (Py_ssize_t)(UINT32_MAX / 8)) {
        PyErr_SetString(PyExc_ValueError, "a stream is cut off");
        goto done;
    }
    Py_ssize_t units = (end - begin) / by.width;
    if (marks.len && marks.len != (units + 7) / 8) {
        PyErr_SetString(PyExc_ValueError, "the marks of words are cut off");
        goto done;
    }
    size_t known = (size_t)PyByteArray_GET_SIZE(by.known);
    if (known % sizeof(Known) || (known / sizeof(Known) & (known / sizeof(Known) - 1))) {
        PyErr_SetString(PyExc_ValueError, "what is known was not made here");
        goto done;
    }
    by.text = (const char *)data.buf + begin;
    by.units = (uint32_t)units;
    by.alone = PyMem_Calloc(NARROW, sizeof *by.alone);
    result = PyBytes_FromStringAndSize(NULL, units * (Py_ssize_t)sizeof(uint32_t));
    if (by.alone == NULL || result == NULL) {
        Py_CLEAR(result);
        PyErr_NoMemory();
        goto done;
    }
    Py_ssize_t words = number_all(&by, &marks, (uint32_t *)PyBytes_AS_STRING(result));
    if (words < 0)
        Py_CLEAR(result);
    else
        _PyBytes_Resize(&result, words * (Py_ssize_t)sizeof(uint32_t));
done:
    PyMem_Free(by.alone);
    PyMem_Free(by.slots);
    PyBuffer_Release(&data);
    PyBuffer_Release(&marks);
    return result;
}

PyObject *native_tally(PyObject *module, PyObject *args)
{
    Py_buffer numbers = {0}, counts = {0};
    PyObject *run, *counted, *result = NULL;
    if (!PyArg_ParseTuple(args, "OO", &run, &counted) || array_from(run, 0, sizeof(uint32_t), &numbers) < 0
        || array_from(counted, 1, sizeof(uint64_t), &counts) < 0)
        goto done;
    const uint32_t *at = numbers.buf, *end = at + numbers.len / (Py_ssize_t)sizeof *at;
    uint64_t *into = counts.buf, places = (uint64_t)counts.len / sizeof *into;
    uint32_t most = 0;
    Py_ssize_t found = 0;
    Py_BEGIN_ALLOW_THREADS
    for (const uint32_t *one = at; one < end; one++)
        most = *one > most ? *one : most;
    if (at == end || most < places)
        for (; at < end; at++)
            found += into[*at]++ == 0;
    Py_END_ALLOW_THREADS
    if (at < end)
        PyErr_SetString(PyExc_IndexError, "a number without a count");
    else
        result = PyLong_FromSsize_t(found);
done:
    PyBuffer_Release(&numbers);
    PyBuffer_Release(&counts);
    return result;
}

PyObject *native_word_starts(PyObject *module, PyObject *args)
{
    Py_buffer marks;
    Py_ssize_t units, found = 0;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*n", &marks, &units))
        return NULL;
    if (units < 0 || units > (Py_ssize_t)(UINT32_MAX / 8) || marks.len != (units + 7) / 8) {
        PyErr_SetString(PyExc_ValueError, "the marks of words are cut off");
        goto done;
    }
    result = PyBytes_FromStringAndSize(NULL, units * (Py_ssize_t)sizeof(uint32_t));
    if (result == NULL)
        goto done;
    char *into = PyBytes_AS_STRING(result);
    for (uint32_t at = 0; at < (uint32_t)units; at++)
        if (bit(marks.buf, marks.len * 8 - units, at))
            memcpy(into + found++ * (Py_ssize_t)sizeof at, &at, sizeof at);
    _PyBytes_Resize(&result, found * (Py_ssize_t)sizeof(uint32_t));
done:
    PyBuffer_Release(&marks);
    return result;
}
