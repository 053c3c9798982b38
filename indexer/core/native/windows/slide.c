/* Windows over the hits of an episode, over its blocks, and pairs of positions that are near. */

#include "native.h"

/* What slide and reaches need: hits, and a time for each. */
typedef struct {
    Hits hits;
    Numbers at;
} Timed;

static int timed_from(PyObject *hits, PyObject *at, Py_ssize_t terms, Timed *into)
{
    if (hits_from(hits, terms, &into->hits) < 0 || numbers_from(at, &into->at) < 0)
        return -1;
    if (into->at.size != into->hits.size) {
        PyErr_SetString(PyExc_ValueError, "a time for each hit");
        return -1;
    }
    return 0;
}

static void timed_free(Timed *timed)
{
    hits_free(&timed->hits);
    numbers_free(&timed->at);
}

/* True if the hit `end` is in the window that begins at the hit `begin`: its own always is. */
static inline int fits(const Timed *timed, Py_ssize_t begin, Py_ssize_t end, int64_t milliseconds, int64_t atoms)
{
    return end == begin || (timed->hits.places[end] <= timed->hits.places[begin] + atoms
                            && timed->at.at[end] <= timed->at.at[begin] + milliseconds);
}

PyObject *native_slide(PyObject *module, PyObject *args)
{
    PyObject *hits, *at, *weights_of, *gains_of, *result = NULL;
    long long milliseconds, atoms;
    double total, floor;
    Timed timed = {0};
    Py_ssize_t terms = 0, most = 0, end = 0;
    Py_ssize_t *counts = NULL;
    double *weights = NULL, *gains = NULL;
    if (!PyArg_ParseTuple(args, "OOLLOOdd", &hits, &at, &milliseconds, &atoms, &weights_of, &gains_of, &total, &floor))
        return NULL;
    if ((weights = floats_from(weights_of, &terms)) == NULL || (gains = floats_from(gains_of, &most)) == NULL)
        goto done;
    if (most-- == 0) {
        PyErr_SetString(PyExc_ValueError, "gains are missing");
        goto done;
    }
    if (timed_from(hits, at, terms, &timed) < 0)
        goto done;
    counts = PyMem_Calloc((size_t)terms + 1, sizeof *counts);
    if (counts == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    result = PyList_New(0);
    double score = 0.0, covered = 0.0;
    for (Py_ssize_t begin = 0; result != NULL && begin < timed.hits.size; begin++) {
        if (end == begin) /* the window is empty: clear rounding errors */
            score = covered = 0.0;
        for (; end < timed.hits.size && fits(&timed, begin, end, milliseconds, atoms); end++) {
            int64_t added = timed.hits.terms[end];
            Py_ssize_t count = counts[added]++;
            score += weights[added] * gains[count < most ? count : most];
            if (!count)
                covered += weights[added];
        }
        double worth = total != 0.0 ? score * covered / total : 0.0;
        if (worth > floor) {
            PyObject *row = Py_BuildValue("dnn", worth, begin, end);
            if (row == NULL || PyList_Append(result, row) < 0)
                Py_CLEAR(result);
            Py_XDECREF(row);
        }
        int64_t term = timed.hits.terms[begin];
        Py_ssize_t count = --counts[term];
        score -= weights[term] * gains[count < most ? count : most];
        if (!count)
            covered -= weights[term];
    }
done:
    PyMem_Free(counts);
    PyMem_Free(weights);
    PyMem_Free(gains);
    timed_free(&timed);
    return result;
}

PyObject *native_reaches(PyObject *module, PyObject *args)
{
    PyObject *hits, *at, *result = NULL;
    long long milliseconds, atoms;
    Timed timed = {0};
    Py_ssize_t end = 0;
    int64_t *ends = NULL;
    if (!PyArg_ParseTuple(args, "OOLL", &hits, &at, &milliseconds, &atoms))
        return NULL;
    if (timed_from(hits, at, -1, &timed) < 0)
        goto done;
    ends = PyMem_New(int64_t, timed.hits.size + 1);
    if (ends == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    for (Py_ssize_t begin = 0; begin < timed.hits.size; begin++) {
        while (end < timed.hits.size && fits(&timed, begin, end, milliseconds, atoms))
            end++;
        ends[begin] = end;
    }
    result = list_of(ends, timed.hits.size);
done:
    PyMem_Free(ends);
    timed_free(&timed);
    return result;
}

/* Marks the blocks in which a window may begin that holds one of the places; -1 with an exception. */
static int mark_blocks(PyObject *lists, const Numbers *blocks, Py_ssize_t size, Py_ssize_t behind, char *marks)
{
    PyObject *several = PySequence_Fast(lists, "a list of lists of positions is needed");
    if (several == NULL)
        return -1;
    memset(marks, 0, (size_t)size);
    int failed = 0;
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(several) && !failed; i++) {
        PyObject *places = PySequence_Fast(PySequence_Fast_GET_ITEM(several, i), "positions are a list");
        failed = places == NULL;
        for (Py_ssize_t j = 0; !failed && j < PySequence_Fast_GET_SIZE(places); j++) {
            Py_ssize_t place = PyLong_AsSsize_t(PySequence_Fast_GET_ITEM(places, j));
            failed = place < 0 || place >= blocks->size;
            if (!failed)
                marks[blocks->at[place]] = 1;
            else if (!PyErr_Occurred())
                PyErr_SetString(PyExc_IndexError, "a position that is not there");
        }
        Py_XDECREF(places);
    }
    Py_DECREF(several);
    Py_ssize_t last = -1; /* the next place's block, seen from the end */
    for (Py_ssize_t block = size - 1; block >= 0 && !failed; block--) {
        if (marks[block])
            last = block;
        else if (last >= 0 && last - block <= behind)
            marks[block] = 1;
    }
    return failed ? -1 : 0;
}

/* The block of each atom; -1 with an exception. `cues` is the block of each cue. */
static int block_of_atoms(const Numbers *first, const Numbers *cues, Py_ssize_t size, Numbers *into)
{
    Py_ssize_t atoms = first->size ? (Py_ssize_t)first->at[first->size - 1] : 0;
    if (first->size != cues->size + 1 || first->at[0] != 0 || must_ascend(first, "atoms") < 0) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_ValueError, "times are cut off");
        return -1;
    }
    into->at = PyMem_New(int64_t, atoms + 1);
    into->size = atoms;
    if (into->at == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t cue = 0; cue < cues->size; cue++) {
        if (cues->at[cue] < 0 || cues->at[cue] >= size) {
            PyErr_SetString(PyExc_IndexError, "a block that is not there");
            return -1;
        }
        for (int64_t atom = first->at[cue]; atom < first->at[cue + 1]; atom++)
            into->at[atom] = cues->at[cue];
    }
    return 0;
}

PyObject *native_block_totals(PyObject *module, PyObject *args)
{
    PyObject *first_of, *cues_of, *terms_of, *result = NULL, *terms = NULL;
    Py_ssize_t size, behind;
    Numbers first = {0}, cues = {0}, blocks = {0};
    char *marks = NULL;
    int64_t *sums = NULL;
    if (!PyArg_ParseTuple(args, "OOnnO", &first_of, &cues_of, &size, &behind, &terms_of))
        return NULL;
    if (numbers_from(first_of, &first) < 0 || numbers_from(cues_of, &cues) < 0)
        goto done;
    if (size < 0 || behind < 0) {
        PyErr_SetString(PyExc_ValueError, "a size below 0");
        goto done;
    }
    if (block_of_atoms(&first, &cues, size, &blocks) < 0)
        goto done;
    marks = PyMem_New(char, size + 1);
    sums = PyMem_Calloc((size_t)(2 * size + 1), sizeof *sums);
    terms = PySequence_Fast(terms_of, "terms are a list");
    if (marks == NULL || sums == NULL || terms == NULL) {
        if (terms != NULL)
            PyErr_NoMemory();
        goto done;
    }
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(terms); i++) {
        long long weight, gain;
        PyObject *lists;
        if (!PyArg_ParseTuple(PySequence_Fast_GET_ITEM(terms, i), "LLO", &weight, &gain, &lists)
            || mark_blocks(lists, &blocks, size, behind, marks) < 0)
            goto done;
        for (Py_ssize_t block = 0; block < size; block++) {
            sums[block] += marks[block] ? weight : 0;
            sums[size + block] += marks[block] ? gain : 0;
        }
    }
    PyObject *weights = list_of(sums, size), *gains = list_of(sums + size, size);
    if (weights != NULL && gains != NULL)
        result = PyTuple_Pack(2, weights, gains);
    Py_XDECREF(weights);
    Py_XDECREF(gains);
done:
    Py_XDECREF(terms);
    PyMem_Free(marks);
    PyMem_Free(sums);
    numbers_free(&first);
    numbers_free(&cues);
    numbers_free(&blocks);
    return result;
}

PyObject *native_beside(PyObject *module, PyObject *args)
{
    PyObject *lists[4], *result = NULL;
    long long before, after, reach;
    Numbers some[4] = {{0}};
    Growing kept = {0}, near = {0};
    if (!PyArg_ParseTuple(args, "OOOOLLL", &lists[0], &lists[1], &lists[2], &lists[3], &before, &after, &reach))
        return NULL;
    for (int i = 0; i < 4; i++)
        if (numbers_from(lists[i], &some[i]) < 0 || must_ascend(&some[i], "positions and times") < 0)
            goto done;
    Numbers places = some[0], others = some[1], at = some[2], others_at = some[3];
    if (at.size != places.size || others_at.size != others.size) {
        PyErr_SetString(PyExc_ValueError, "a time for each position");
        goto done;
    }
    Py_ssize_t begin = 0, end = 0, known = 0; /* of the others near a place: both only ever grow */
    for (Py_ssize_t i = 0; i < places.size; i++) {
        int64_t place = places.at[i], time = at.at[i];
        while (begin < others.size && (others.at[begin] < place - before || others_at.at[begin] < time - reach))
            begin++;
        while (end < others.size && others.at[end] <= place + after && others_at.at[end] <= time + reach)
            end++;
        if (begin < end && growing_push(&kept, place) < 0)
            goto done;
        for (Py_ssize_t j = begin > known ? begin : known; j < end; j++)
            if (growing_push(&near, others.at[j]) < 0)
                goto done;
        known = end > known ? end : known;
    }
    PyObject *one = list_of(kept.at, kept.size), *other = list_of(near.at, near.size);
    if (one != NULL && other != NULL)
        result = PyTuple_Pack(2, one, other);
    Py_XDECREF(one);
    Py_XDECREF(other);
done:
    for (int i = 0; i < 4; i++)
        numbers_free(&some[i]);
    PyMem_Free(kept.at);
    PyMem_Free(near.at);
    return result;
}
