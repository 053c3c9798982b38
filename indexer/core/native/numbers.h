/* Lists of integers between Python and C, and lists that grow. */

#ifndef PODSEEK_NUMBERS_H
#define PODSEEK_NUMBERS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

/* Integers copied from Python; the caller owns `at` and frees it with numbers_free. Zeroed, it is empty. */
typedef struct {
    int64_t *at;
    Py_ssize_t size;
} Numbers;

/* Copies a list, a tuple, or a buffer of integers (bytes, array, memoryview). 0, or -1 with an exception. */
int numbers_from(PyObject *from, Numbers *into);
void numbers_free(Numbers *numbers);
/* Copies a list or tuple of floats into memory that the caller frees with PyMem_Free; NULL with an exception. */
double *floats_from(PyObject *from, Py_ssize_t *size);
/* A new list of integers; NULL with an exception. */
PyObject *list_of(const int64_t *at, Py_ssize_t size);
/* A new list of so many pairs of integers; NULL with an exception. */
PyObject *pairs_of(const int64_t *at, Py_ssize_t size);
/* 0 if the numbers ascend (equal ones allowed), else -1 with a ValueError that names them. */
int must_ascend(const Numbers *numbers, const char *name);
/* The index of the first number that is greater than `limit`, of those from `low` on. */
Py_ssize_t first_above(const Numbers *numbers, int64_t limit, Py_ssize_t low);

/* The integers of a list or a buffer, read where they are: of thousands few are looked at. Zeroed, it is empty. */
typedef struct {
    Py_buffer view;
    PyObject *items; /* if it is no buffer, and was not copied */
    int64_t *own;    /* if it was copied */
    const char *at;
    char format;
    Py_ssize_t size;
} Column;

/* What is no buffer is `copied`, so that it can be read without the interpreter's lock, or not. 0, or -1 with an
   exception. Freed with column_free in either case. */
int column_from(PyObject *from, int copied, Column *into);
void column_free(Column *column);

#define COLUMN_READ(TYPE)                                                     \
    {                                                                         \
        TYPE value;                                                           \
        memcpy(&value, column->at + at * (Py_ssize_t)sizeof value, sizeof value); \
        return (int64_t)value;                                                \
    }

/* The integer at an index; if it was not copied, -1 may be one with an exception. */
static inline int64_t column_at(const Column *column, Py_ssize_t at)
{
    if (column->items != NULL)
        return PyLong_AsLongLong(PySequence_Fast_GET_ITEM(column->items, at));
    switch (column->format) {
    case 'B': COLUMN_READ(unsigned char)
    case 'b': COLUMN_READ(signed char)
    case 'H': COLUMN_READ(unsigned short)
    case 'h': COLUMN_READ(short)
    case 'I': COLUMN_READ(unsigned int)
    case 'i': COLUMN_READ(int)
    default: COLUMN_READ(long long)
    }
}

/* An array whose items have so many bytes each, to be written if `writable`. 0, or -1 with an exception. Zeroed before,
   it is freed with PyBuffer_Release in either case. */
int array_from(PyObject *from, int writable, size_t itemsize, Py_buffer *into);

/* A list that grows. Zeroed, it is empty; freed with PyMem_Free(list.at). A `raw` one may grow without the
   interpreter's lock, then without an exception when memory is out, and is freed with PyMem_RawFree(list.at). */
typedef struct {
    int64_t *at;
    Py_ssize_t size, room;
    int raw;
} Growing;

int growing_more(Growing *list, Py_ssize_t amount);

/* Appends; 0, or -1 with a MemoryError. */
static inline int growing_push(Growing *list, int64_t value)
{
    if (list->size == list->room && growing_more(list, 1) < 0)
        return -1;
    list->at[list->size++] = value;
    return 0;
}

/* Hits (position, term, alternative) copied from a list or tuple of tuples. */
typedef struct {
    int64_t *places, *terms;
    Py_ssize_t size;
} Hits;

/* `terms` is how many terms there are, or -1 for any. 0, or -1 with an exception. */
int hits_from(PyObject *from, Py_ssize_t terms, Hits *into);
void hits_free(Hits *hits);

#endif
