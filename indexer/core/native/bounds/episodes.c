/* What the terms of a query add at most in each episode. */

#include "native.h"

static Py_ssize_t index_of(PyObject *count)
{
    Py_ssize_t index = PyLong_AsSsize_t(count);
    if (index < 0 && !PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "a count is negative");
    return index;
}

PyObject *native_most_gains(PyObject *module, PyObject *args)
{
    PyObject *counts, *peaks, *worth, *key, *count;
    if (!PyArg_ParseTuple(args, "O!O!O!", &PyDict_Type, &counts, &PyDict_Type, &peaks, &PyList_Type, &worth))
        return NULL;
    PyObject *gains = PyDict_New();
    Py_ssize_t at = 0;
    while (gains != NULL && PyDict_Next(counts, &at, &key, &count)) {
        PyObject *peak = PyDict_GetItemWithError(peaks, key);
        if (peak == NULL && !PyErr_Occurred())
            PyErr_SetObject(PyExc_KeyError, key);
        Py_ssize_t least = peak == NULL ? -1 : index_of(count), other = least < 0 ? -1 : index_of(peak);
        if (other < least)
            least = other;
        if (least >= PyList_GET_SIZE(worth))
            least = PyList_GET_SIZE(worth) - 1;
        if (least < 0 && !PyErr_Occurred())
            PyErr_SetString(PyExc_IndexError, "no count is worth anything");
        if (PyErr_Occurred() || PyDict_SetItem(gains, key, PyList_GET_ITEM(worth, least)) < 0)
            Py_CLEAR(gains);
    }
    return gains;
}

/* An episode that may be an answer. */
typedef struct {
    double score, covered;
    PyObject *number; /* borrowed from the list of candidates, a copy of which is kept */
    long long rank;
} Candidate;

/* Adds the most that a form adds to an episode: a form is a tuple of (weight, gains). -1 with an exception. */
static int add_form(PyObject *form, Candidate *episode)
{
    double most = 0.0, weight = 0.0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(form); i++) {
        PyObject *way = PyTuple_GET_ITEM(form, i), *gain;
        if (!PyTuple_Check(way) || PyTuple_GET_SIZE(way) != 2 || !PyDict_Check(PyTuple_GET_ITEM(way, 1))) {
            PyErr_SetString(PyExc_TypeError, "a way of a form is (weight, gains)");
            return -1;
        }
        if ((gain = PyDict_GetItemWithError(PyTuple_GET_ITEM(way, 1), episode->number)) == NULL) {
            if (PyErr_Occurred())
                return -1;
            continue;
        }
        double own = PyFloat_AsDouble(PyTuple_GET_ITEM(way, 0)), adds = PyFloat_AsDouble(gain);
        if (PyErr_Occurred())
            return -1;
        most = adds > most ? adds : most;
        weight = own > weight ? own : weight;
    }
    episode->score += most;
    episode->covered += weight;
    return 0;
}

static int by_falling_bound(const void *one, const void *other)
{
    const Candidate *a = one, *b = other;
    if (a->score != b->score)
        return a->score < b->score ? 1 : -1;
    return a->rank < b->rank ? -1 : a->rank > b->rank;
}

static PyObject *bounds_of(PyObject *numbers, PyObject *forms, double total)
{
    Py_ssize_t size = PyTuple_GET_SIZE(numbers);
    PyObject *bounds = NULL;
    Candidate *episodes = PyMem_Calloc((size_t)size + 1, sizeof *episodes);
    if (episodes == NULL)
        return PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < size; i++) {
        episodes[i].number = PyTuple_GET_ITEM(numbers, i);
        episodes[i].rank = PyLong_AsLongLong(episodes[i].number);
        if (episodes[i].rank == -1 && PyErr_Occurred())
            goto done;
        for (Py_ssize_t form = 0; form < PyTuple_GET_SIZE(forms); form++)
            if (add_form(PyTuple_GET_ITEM(forms, form), &episodes[i]) < 0)
                goto done;
        episodes[i].score = total != 0.0 ? episodes[i].score * episodes[i].covered / total : 0.0;
    }
    qsort(episodes, (size_t)size, sizeof *episodes, by_falling_bound);
    bounds = PyList_New(size);
    for (Py_ssize_t i = 0; bounds != NULL && i < size; i++) {
        PyObject *entry = Py_BuildValue("dO", episodes[i].score, episodes[i].number);
        if (entry == NULL)
            Py_CLEAR(bounds);
        else
            PyList_SET_ITEM(bounds, i, entry);
    }
done:
    PyMem_Free(episodes);
    return bounds;
}

PyObject *native_episode_bounds(PyObject *module, PyObject *args)
{
    PyObject *from, *forms, *result = NULL;
    double total;
    if (!PyArg_ParseTuple(args, "OO!d", &from, &PyTuple_Type, &forms, &total))
        return NULL;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(forms); i++)
        if (!PyTuple_Check(PyTuple_GET_ITEM(forms, i))) {
            PyErr_SetString(PyExc_TypeError, "a form is a tuple");
            return NULL;
        }
    PyObject *numbers = PySequence_Tuple(from);
    if (numbers != NULL)
        result = bounds_of(numbers, forms, total);
    Py_XDECREF(numbers);
    return result;
}

#define MOST_NUMBER (1 << 28)

/* What episodes are known by: their places in the list by their numbers, -1 for others. */
typedef struct {
    int32_t *places;
    int64_t size;
} Lookup;

/* 0, or -1 with an exception; `places` are freed by the caller in either case. */
static int lookup_of(const Numbers *numbers, Lookup *lookup)
{
    for (Py_ssize_t i = 0; i < numbers->size; i++) {
        if (numbers->at[i] < 0 || numbers->at[i] > MOST_NUMBER) {
            PyErr_SetString(PyExc_ValueError, "an episode has no number");
            return -1;
        }
        if (numbers->at[i] >= lookup->size)
            lookup->size = numbers->at[i] + 1;
    }
    lookup->places = PyMem_New(int32_t, lookup->size + 1);
    if (lookup->places == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    memset(lookup->places, 0xff, (size_t)lookup->size * sizeof *lookup->places);
    for (Py_ssize_t i = 0; i < numbers->size; i++)
        lookup->places[numbers->at[i]] = (int32_t)i;
    return 0;
}

/* Adds what a term (share, weight, counts) says of each episode. -1 with an exception. */
static int add_relevance(PyObject *term, const Lookup *lookup, const double *norms, double more, double *scores)
{
    double share, weight;
    PyObject *counts, *key, *value;
    if (!PyTuple_Check(term)) {
        PyErr_SetString(PyExc_TypeError, "a term is a tuple");
        return -1;
    }
    if (!PyArg_ParseTuple(term, "ddO!", &share, &weight, &PyDict_Type, &counts))
        return -1;
    for (Py_ssize_t at = 0; PyDict_Next(counts, &at, &key, &value);) {
        long long episode = PyLong_AsLongLong(key);
        double count = PyFloat_AsDouble(value);
        if (PyErr_Occurred())
            return -1;
        int32_t place = episode < 0 || episode >= lookup->size ? -1 : lookup->places[episode];
        if (place >= 0)
            scores[place] += share * (weight * count * more / (count + norms[place]));
    }
    return 0;
}

PyObject *native_relevances(PyObject *module, PyObject *args)
{
    PyObject *episodes_of, *lengths_of, *terms, *result = NULL;
    double average, k1, b, *norms = NULL, *scores = NULL;
    Numbers episodes = {0}, lengths = {0};
    Lookup lookup = {0};
    if (!PyArg_ParseTuple(args, "OOdddO!", &episodes_of, &lengths_of, &average, &k1, &b, &PyTuple_Type, &terms))
        return NULL;
    if (numbers_from(episodes_of, &episodes) < 0 || numbers_from(lengths_of, &lengths) < 0)
        goto done;
    if (episodes.size != lengths.size) {
        PyErr_SetString(PyExc_ValueError, "each episode has a length");
        goto done;
    }
    norms = PyMem_New(double, episodes.size + 1);
    scores = PyMem_Calloc((size_t)episodes.size + 1, sizeof *scores);
    if (norms == NULL || scores == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    if (lookup_of(&episodes, &lookup) < 0)
        goto done;
    for (Py_ssize_t i = 0; i < episodes.size; i++)
        norms[i] = average != 0.0 ? k1 * (1.0 - b + b * (double)lengths.at[i] / average) : k1;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(terms); i++)
        if (add_relevance(PyTuple_GET_ITEM(terms, i), &lookup, norms, k1 + 1.0, scores) < 0)
            goto done;
    result = PyList_New(episodes.size);
    for (Py_ssize_t i = 0; result != NULL && i < episodes.size; i++) {
        PyObject *score = PyFloat_FromDouble(scores[i]);
        if (score == NULL)
            Py_CLEAR(result);
        else
            PyList_SET_ITEM(result, i, score);
    }
done:
    numbers_free(&episodes);
    numbers_free(&lengths);
    PyMem_Free(lookup.places);
    PyMem_Free(norms);
    PyMem_Free(scores);
    return result;
}

/* The term of a form in an episode, as competing_regions takes it: (weight, gain, ways). Returns a new reference, None
   if the episode lacks it; NULL with an exception. */
static PyObject *term_of(PyObject *form, PyObject *number, long width)
{
    if (PyCallable_Check(form))
        return PyObject_CallOneArg(form, number);
    PyObject *weight, *gains, *narrow, *wide;
    if (!PyTuple_Check(form)) {
        PyErr_SetString(PyExc_TypeError, "a form is a tuple or a function");
        return NULL;
    }
    if (!PyArg_ParseTuple(form, "OO!OO", &weight, &PyDict_Type, &gains, &narrow, &wide))
        return NULL;
    PyObject *gain = PyDict_GetItemWithError(gains, number);
    if (gain == NULL && PyErr_Occurred())
        return NULL;
    int adds = gain == NULL ? 0 : PyObject_IsTrue(gain);
    if (adds < 0)
        return NULL;
    return adds ? PyTuple_Pack(3, weight, gain, width == 2 ? narrow : wide) : Py_NewRef(Py_None);
}

static PyObject *terms_of(PyObject *forms, PyObject *number, PyObject *units)
{
    if (!PyTuple_Check(units) || PyTuple_GET_SIZE(units) != 5) {
        PyErr_SetString(PyExc_TypeError, "units are a tuple of five");
        return NULL;
    }
    long width = PyLong_AsLong(PyTuple_GET_ITEM(units, 3));
    if (width == -1 && PyErr_Occurred())
        return NULL;
    PyObject *terms = PyList_New(0);
    for (Py_ssize_t i = 0; terms != NULL && i < PyTuple_GET_SIZE(forms); i++) {
        PyObject *term = term_of(PyTuple_GET_ITEM(forms, i), number, width);
        if (term == NULL || (term != Py_None && PyList_Append(terms, term) < 0))
            Py_CLEAR(terms);
        Py_XDECREF(term);
    }
    return terms;
}

PyObject *native_terms_in(PyObject *module, PyObject *args)
{
    PyObject *from, *units_from, *forms, *numbers = NULL, *units = NULL, *result = NULL;
    if (!PyArg_ParseTuple(args, "OOO!", &from, &units_from, &PyTuple_Type, &forms))
        return NULL;
    if ((numbers = PySequence_Tuple(from)) == NULL || (units = PySequence_Tuple(units_from)) == NULL)
        goto done;
    if (PyTuple_GET_SIZE(numbers) != PyTuple_GET_SIZE(units)) {
        PyErr_SetString(PyExc_ValueError, "each episode has its units");
        goto done;
    }
    result = PyList_New(0);
    for (Py_ssize_t i = 0; result != NULL && i < PyTuple_GET_SIZE(numbers); i++) {
        PyObject *terms = terms_of(forms, PyTuple_GET_ITEM(numbers, i), PyTuple_GET_ITEM(units, i));
        PyObject *episode = terms == NULL ? NULL : PyTuple_Pack(4, PyTuple_GET_ITEM(units, i), Py_None, Py_None, terms);
        if (episode == NULL || PyList_Append(result, episode) < 0)
            Py_CLEAR(result);
        Py_XDECREF(episode);
        Py_XDECREF(terms);
    }
done:
    Py_XDECREF(numbers);
    Py_XDECREF(units);
    return result;
}
