/* Compares two names by their letters. */

#include "native.h"

/* A string in place: its characters, however wide. */
typedef struct {
    int kind;
    const void *at;
    Py_ssize_t size;
} Letters;

static inline Py_UCS4 letter(const Letters *text, Py_ssize_t at)
{
    return PyUnicode_READ(text->kind, text->at, at);
}

static int letters_of(PyObject *from, Letters *into)
{
    if (PyUnicode_READY(from) < 0)
        return -1;
    *into = (Letters){PyUnicode_KIND(from), PyUnicode_DATA(from), PyUnicode_GET_LENGTH(from)};
    return 0;
}

/* Pairs each letter of `one` with the first one of `other` that is equal, near and free; how many are. `taken` says
   which of `other` are, `places` which of `one`. */
static Py_ssize_t pair_letters(const Letters *one, const Letters *other, char *taken, Py_ssize_t *places)
{
    Py_ssize_t longest = one->size > other->size ? one->size : other->size, common = 0;
    Py_ssize_t reach = longest / 2 - 1 > 0 ? longest / 2 - 1 : 0;
    for (Py_ssize_t at = 0; at < one->size; at++) {
        Py_ssize_t high = at + reach + 1 < other->size ? at + reach + 1 : other->size;
        for (Py_ssize_t place = at > reach ? at - reach : 0; place < high; place++)
            if (!taken[place] && letter(other, place) == letter(one, at)) {
                taken[place] = 1;
                places[common++] = at;
                break;
            }
    }
    return common;
}

static double likeness(const Letters *one, const Letters *other, const char *taken, const Py_ssize_t *places,
                       Py_ssize_t common)
{
    Py_ssize_t swapped = 0, place = 0, prefix = 0;
    if (!common)
        return 0.0;
    for (Py_ssize_t i = 0; i < common; i++, place++) {
        while (!taken[place])
            place++;
        swapped += letter(one, places[i]) != letter(other, place);
    }
    while (prefix < 4 && prefix < one->size && prefix < other->size && letter(one, prefix) == letter(other, prefix))
        prefix++;
    double same = (double)common;
    double jaro = (same / (double)one->size + same / (double)other->size + (same - (double)swapped / 2) / same) / 3;
    return jaro + (double)prefix * 0.1 * (1 - jaro);
}

PyObject *native_jaro_winkler(PyObject *module, PyObject *args)
{
    PyObject *first, *second, *result = NULL;
    Letters one, other;
    if (!PyArg_ParseTuple(args, "UU", &first, &second) || letters_of(first, &one) < 0 || letters_of(second, &other) < 0)
        return NULL;
    if (PyUnicode_Compare(first, second) == 0 && !PyErr_Occurred())
        return PyFloat_FromDouble(1.0);
    char *taken = PyMem_Calloc((size_t)other.size + 1, 1);
    Py_ssize_t *places = PyMem_New(Py_ssize_t, one.size + 1);
    if (taken == NULL || places == NULL)
        PyErr_NoMemory();
    else
        result = PyFloat_FromDouble(likeness(&one, &other, taken, places, pair_letters(&one, &other, taken, places)));
    PyMem_Free(taken);
    PyMem_Free(places);
    return result;
}
