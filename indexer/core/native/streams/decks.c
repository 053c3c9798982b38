/* Lays out the decks of an episode: what is known of its atoms, each at its place. */

#include "native.h"

#define WIDE 255
#define STEP 254
#define LARGE 31
#define BEGINS 1
#define ENDS 2
#define NEW 4

/* What is laid out: the units of `width` bytes, and two rows of bits. */
typedef struct {
    unsigned char *units, *begins, *new;
    Py_ssize_t atoms;
    int width;
} Table;

static inline void set_bit(unsigned char *bits, const Table *table, Py_ssize_t at)
{
    at += -table->atoms & 7;
    bits[at >> 3] |= (unsigned char)(128 >> (at & 7));
}

/* Lays out the entries of a deck, of which the units of its atoms are `letters`. 0, or -1 if it is damaged. */
static int lay_entries(const Py_buffer *letters, const Py_buffer *entries, Table *table)
{
    const unsigned char *gap = entries->buf, *end = gap + entries->len;
    const unsigned char *code = entries->len ? memchr(gap, 0, (size_t)entries->len) : NULL, *large;
    Py_ssize_t amount = letters->len / table->width, size = 0, at = -1;
    if (code == NULL || code == gap || code[-1] == WIDE)
        return -1;
    for (const unsigned char *one = gap; one < code; one++)
        size += *one != WIDE;
    if (end - ++code < size)
        return -1;
    large = code + size;
    for (; *gap; gap++) {
        at += *gap == WIDE ? STEP : *gap;
        if (at >= table->atoms)
            return -1;
        if (*gap == WIDE)
            continue;
        uint32_t number = *code >> 3;
        int flags = *code++ & 7;
        if (number == LARGE) {
            if (end - large < 4)
                return -1;
            number = (uint32_t)large[0] | (uint32_t)large[1] << 8 | (uint32_t)large[2] << 16 | (uint32_t)large[3] << 24;
            large += 4;
        }
        if (number >= (size_t)amount)
            return -1;
        const char *letter = (const char *)letters->buf + number * (size_t)table->width;
        if (table->width == 2)
            memcpy(table->units + at * 2, letter, 2);
        else
            memcpy(table->units + at * table->width, letter, (size_t)table->width);
        if (flags & BEGINS)
            set_bit(table->begins, table, at);
        if ((flags & BEGINS) && (flags & NEW))
            set_bit(table->new, table, at);
        if ((flags & ENDS) && at + 1 < table->atoms)
            set_bit(table->begins, table, at + 1);
    }
    return large == end ? 0 : -1;
}

/* The same of a deck in Python; -1 with an exception. */
static int lay_deck(PyObject *deck, Table *table)
{
    Py_buffer letters = {0}, entries = {0};
    if (!PyTuple_Check(deck) || !PyArg_ParseTuple(deck, "y*y*", &letters, &entries)) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "a deck is (units, entries)");
        return -1;
    }
    int failed = lay_entries(&letters, &entries, table);
    if (failed)
        PyErr_SetString(PyExc_ValueError, "a deck is not as it was written");
    PyBuffer_Release(&letters);
    PyBuffer_Release(&entries);
    return failed;
}

/* Repeats the filler in the bytes of the units. */
static void fill(unsigned char *units, Py_ssize_t size, const char *filler, Py_ssize_t width)
{
    Py_ssize_t done = size < width ? size : width;
    memcpy(units, filler, (size_t)done);
    while (done < size) {
        Py_ssize_t more = done < size - done ? done : size - done;
        memcpy(units + done, units, (size_t)more);
        done += more;
    }
}

PyObject *native_laid_out(PyObject *module, PyObject *args)
{
    PyObject *from, *result = NULL;
    const char *filler;
    Py_ssize_t width, atoms;
    if (!PyArg_ParseTuple(args, "Ony#", &from, &atoms, &filler, &width))
        return NULL;
    if (width < 1 || width > 4 || atoms < 0) {
        PyErr_SetString(PyExc_ValueError, "a unit has 1 to 4 bytes");
        return NULL;
    }
    if (atoms > PY_SSIZE_T_MAX / 8)
        return PyErr_NoMemory();
    PyObject *decks = PySequence_Fast(from, "decks are a list");
    if (decks == NULL)
        return NULL;
    Py_ssize_t bits = (atoms + 7) / 8;
    PyObject *units = PyBytes_FromStringAndSize(NULL, atoms * width);
    PyObject *begins = PyBytes_FromStringAndSize(NULL, bits), *new = PyBytes_FromStringAndSize(NULL, bits);
    if (units == NULL || begins == NULL || new == NULL)
        goto done;
    Table table = {(unsigned char *)PyBytes_AS_STRING(units), (unsigned char *)PyBytes_AS_STRING(begins),
                   (unsigned char *)PyBytes_AS_STRING(new), atoms, (int)width};
    fill(table.units, atoms * width, filler, width);
    memset(table.begins, 0, (size_t)bits);
    memset(table.new, 0, (size_t)bits);
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(decks); i++)
        if (lay_deck(PySequence_Fast_GET_ITEM(decks, i), &table) < 0)
            goto done;
    result = PyTuple_Pack(3, units, begins, new);
done:
    Py_XDECREF(units);
    Py_XDECREF(begins);
    Py_XDECREF(new);
    Py_DECREF(decks);
    return result;
}
