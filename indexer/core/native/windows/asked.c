/* Reads terms and episodes from Python: see asked.h. */

#include "asked.h"

static void *roomier(void *at, Py_ssize_t *room, Py_ssize_t size, size_t item)
{
    if (size < *room)
        return at;
    Py_ssize_t more = 2 * *room + 64;
    char *grown = PyMem_Realloc(at, (size_t)more * item);
    if (grown == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    memset(grown + (size_t)*room * item, 0, (size_t)(more - *room) * item);
    *room = more;
    return grown;
}

static int way_from(PyObject *from, int width, Asked *asked)
{
    void *grown = roomier(asked->ways, &asked->way_room, asked->way_count, sizeof(Way));
    if (grown == NULL)
        return -1;
    asked->ways = grown;
    Way *way = &asked->ways[asked->way_count++];
    way->found.raw = 1;
    if (!PyBytes_Check(from))
        return numbers_from(from, &way->known) < 0 ? -1 : must_ascend(&way->known, "positions");
    if (PyObject_GetBuffer(from, &way->needle, PyBUF_SIMPLE) < 0)
        return -1;
    if (way->needle.len < width || way->needle.len % width) {
        PyErr_SetString(PyExc_ValueError, "a needle is cut off");
        return -1;
    }
    return 0;
}

static int term_from(PyObject *from, int width, Asked *asked)
{
    PyObject *ways_of;
    void *grown = roomier(asked->terms, &asked->term_room, asked->term_count, sizeof(Term));
    if (grown == NULL)
        return -1;
    asked->terms = grown;
    Term *term = &asked->terms[asked->term_count++];
    if (!PyTuple_Check(from) || !PyArg_ParseTuple(from, "ddO", &term->weight, &term->most, &ways_of))
        return PyErr_Occurred() ? -1 : (PyErr_SetString(PyExc_TypeError, "a term is a tuple"), -1);
    PyObject *ways = PySequence_Tuple(ways_of);
    if (ways == NULL)
        return -1;
    term->begin = asked->way_count;
    int failed = 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(ways) && !failed; i++)
        failed = way_from(PyTuple_GET_ITEM(ways, i), width, asked) < 0;
    term->end = asked->way_count;
    Py_DECREF(ways);
    return failed ? -1 : 0;
}

static int episode_from(PyObject *from, Asked *asked)
{
    PyObject *place, *first, *starts, *terms_of;
    Episode *episode = &asked->episodes[asked->size++];
    if (!PyTuple_Check(from) || !PyArg_ParseTuple(from, "O!OOO", &PyTuple_Type, &place, &first, &starts, &terms_of)
        || PyTuple_GET_SIZE(place) != 5)
        return PyErr_Occurred() ? -1 : (PyErr_SetString(PyExc_TypeError, "an episode is a tuple with a place"), -1);
    if (PyObject_GetBuffer(PyTuple_GET_ITEM(place, 0), &episode->data, PyBUF_SIMPLE) < 0
        || span_of(place, &episode->data, &episode->span) < 0)
        return -1;
    episode->timed = first != Py_None;
    if (episode->timed
        && (column_from(first, 1, &episode->first) < 0 || column_from(starts, 1, &episode->starts) < 0))
        return -1;
    PyObject *terms = PySequence_Tuple(terms_of);
    if (terms == NULL)
        return -1;
    episode->begin = asked->term_count;
    int failed = 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(terms) && !failed; i++)
        failed = term_from(PyTuple_GET_ITEM(terms, i), episode->span.width, asked) < 0;
    episode->end = asked->term_count;
    Py_DECREF(terms);
    return failed ? -1 : 0;
}

int asked_from(PyObject *episodes, Asked *asked)
{
    PyObject *items = PySequence_Tuple(episodes); /* also if another thread changes the list */
    if (items == NULL)
        return -1;
    Py_ssize_t size = PyTuple_GET_SIZE(items);
    asked->kept = items;
    asked->episodes = PyMem_Calloc((size_t)size + 1, sizeof *asked->episodes);
    if (asked->episodes == NULL)
        PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < size && !PyErr_Occurred(); i++)
        if (episode_from(PyTuple_GET_ITEM(items, i), asked) < 0)
            break;
    return PyErr_Occurred() ? -1 : 0;
}

void asked_free(Asked *asked)
{
    for (Py_ssize_t i = 0; i < asked->size; i++) {
        if (asked->episodes[i].data.obj != NULL)
            PyBuffer_Release(&asked->episodes[i].data);
        column_free(&asked->episodes[i].first);
        column_free(&asked->episodes[i].starts);
    }
    for (Py_ssize_t i = 0; i < asked->way_count; i++) {
        if (asked->ways[i].needle.obj != NULL)
            PyBuffer_Release(&asked->ways[i].needle);
        numbers_free(&asked->ways[i].known);
        PyMem_RawFree(asked->ways[i].found.at);
    }
    PyMem_Free(asked->episodes);
    PyMem_Free(asked->terms);
    PyMem_Free(asked->ways);
    Py_XDECREF(asked->kept);
}
