/* How close the terms of a group are, and what text shares with the query. */

#include "native.h"

/* Numbers the different ranks from 0 on, in the order in which they come; `own` gets the number of each hit. */
static Py_ssize_t numbered(const Numbers *ranks, Py_ssize_t terms, int64_t *own, int64_t *rank_of)
{
    int64_t *number_of = PyMem_Calloc((size_t)terms + 1, sizeof *number_of);
    Py_ssize_t amount = 0;
    if (number_of == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < ranks->size; i++) {
        int64_t rank = ranks->at[i];
        if (rank < 0 || rank >= terms) {
            PyErr_SetString(PyExc_IndexError, "a term that is not there");
            amount = -1;
            break;
        }
        if (number_of[rank] == 0) {
            rank_of[amount] = rank;
            number_of[rank] = ++amount;
        }
        own[i] = number_of[rank] - 1;
    }
    PyMem_Free(number_of);
    return amount;
}

PyObject *native_close_gains(PyObject *module, PyObject *args)
{
    PyObject *places_of, *ranks_of, *weights_of, *result = NULL;
    double half, *weights = NULL;
    Py_ssize_t terms = 0, recent = 0;
    Numbers places = {0}, ranks = {0};
    Growing pairs = {0};
    int64_t *memory = NULL, *nearest = NULL;
    if (!PyArg_ParseTuple(args, "OOOd", &places_of, &ranks_of, &weights_of, &half))
        return NULL;
    if (numbers_from(places_of, &places) < 0 || numbers_from(ranks_of, &ranks) < 0
        || (weights = floats_from(weights_of, &terms)) == NULL)
        goto done;
    if (places.size != ranks.size) {
        PyErr_SetString(PyExc_ValueError, "a term for each position");
        goto done;
    }
    memory = PyMem_New(int64_t, 4 * places.size + 1);
    if (memory == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    /* By the number of a term: its rank and its last position. `order` has the numbers, the last that came last. */
    int64_t *own = memory, *rank_of = own + places.size, *last = rank_of + places.size, *order = last + places.size;
    Py_ssize_t amount = numbered(&ranks, terms, own, rank_of);
    if (amount < 0)
        goto done;
    nearest = PyMem_Calloc((size_t)(amount * amount) + 1, sizeof *nearest); /* a distance + 1, or 0 */
    if (nearest == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    for (Py_ssize_t i = 0; i < amount; i++)
        last[i] = -1;
    for (Py_ssize_t i = 0; i < places.size; i++) {
        int64_t place = places.at[i], one = own[i], before = last[one];
        if (before >= 0) {
            Py_ssize_t at = 0;
            while (order[at] != one)
                at++;
            memmove(order + at, order + at + 1, (size_t)(recent - at - 1) * sizeof *order);
            recent--;
        }
        for (Py_ssize_t at = recent - 1; at >= 0; at--) {
            int64_t other = order[at];
            if (last[other] <= before)
                break; /* this term was closer to all that remain where it occurred before */
            int64_t pair = rank_of[one] > rank_of[other] ? one * amount + other : other * amount + one;
            int64_t distance = place - last[other] + 1;
            if (nearest[pair] == 0 && growing_push(&pairs, pair) < 0)
                goto done;
            if (nearest[pair] == 0 || distance < nearest[pair])
                nearest[pair] = distance;
        }
        order[recent++] = one;
        last[one] = place;
    }
    result = PyList_New(pairs.size);
    for (Py_ssize_t i = 0; result != NULL && i < pairs.size; i++) {
        int64_t pair = pairs.at[i];
        double gain = weights[rank_of[pair / amount]] / (1.0 + (double)(nearest[pair] - 1) / half);
        PyObject *number = PyFloat_FromDouble(gain);
        if (number == NULL)
            Py_CLEAR(result);
        else
            PyList_SET_ITEM(result, i, number);
    }
done:
    PyMem_Free(weights);
    PyMem_Free(memory);
    PyMem_Free(nearest);
    PyMem_Free(pairs.at);
    numbers_free(&places);
    numbers_free(&ranks);
    return result;
}

#define SEEN_BITS 1024
#define SEEN(seen, character) ((seen)[(character) % SEEN_BITS / 8] >> ((character) % 8) & 1)

/* False if a character of the gram is surely not in the text. */
static int may_have(const unsigned char *seen, PyObject *gram)
{
    int kind = PyUnicode_KIND(gram);
    const void *data = PyUnicode_DATA(gram);
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(gram); i++)
        if (!SEEN(seen, PyUnicode_READ(kind, data, i)))
            return 0;
    return 1;
}

PyObject *native_shared_gains(PyObject *module, PyObject *args)
{
    PyObject *said, *grams_of, *result = NULL;
    unsigned char seen[SEEN_BITS / 8] = {0};
    if (!PyArg_ParseTuple(args, "UO", &said, &grams_of))
        return NULL;
    PyObject *grams = PySequence_Fast(grams_of, "grams are a list");
    if (grams == NULL)
        return NULL;
    Py_ssize_t size = PyUnicode_GET_LENGTH(said);
    for (Py_ssize_t i = 0; i < size; i++) {
        Py_UCS4 character = PyUnicode_READ_CHAR(said, i);
        seen[character % SEEN_BITS / 8] |= (unsigned char)(1 << character % 8);
    }
    result = PyList_New(0);
    for (Py_ssize_t i = 0; result != NULL && i < PySequence_Fast_GET_SIZE(grams); i++) {
        PyObject *gram, *gain;
        if (!PyArg_ParseTuple(PySequence_Fast_GET_ITEM(grams, i), "UO", &gram, &gain))
            Py_CLEAR(result);
        else if (may_have(seen, gram)) {
            Py_ssize_t at = PyUnicode_Find(said, gram, 0, size, 1);
            if (at == -2 || (at >= 0 && PyList_Append(result, gain) < 0))
                Py_CLEAR(result);
        }
    }
    Py_DECREF(grams);
    return result;
}
