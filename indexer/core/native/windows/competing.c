/* Where windows of a few terms may compete, in many episodes by one call.

   All that Python holds is pinned or copied first; the text is then searched without the interpreter's lock. */

#include "asked.h"
#include "upper_bound.h"

/* What is used for one episode after the other; raw memory. */
typedef struct {
    Growing spots, at, near, nearer, loose, regions;
    Window window;
    int wrong; /* a position that is not there */
} Work;

/* Finds the needles of a term: everywhere, or in the regions. */
static int find_term(const Span *span, const Term *term, Way *ways, const Growing *near)
{
    for (Way *way = ways + term->begin; way < ways + term->end; way++) {
        if (way->needle.obj == NULL)
            continue;
        Py_ssize_t length = way->needle.len / span->width;
        if (near == NULL && search_span(span, way->needle.buf, length, &way->found) < 0)
            return -1;
        for (Py_ssize_t i = 0; near != NULL && i < near->size; i += 2)
            if (scan_units(span->text, span->units, span->width, way->needle.buf, length, near->at[i], near->at[i + 1],
                           &way->found) < 0)
                return -1;
    }
    return 0;
}

static const int64_t *places_of(const Way *way, Py_ssize_t *size)
{
    *size = way->needle.obj == NULL ? way->known.size : way->found.size;
    return way->needle.obj == NULL ? way->known.at : way->found.at;
}

/* The regions within `reach` of a term that no window can do without, of those within reach of others before (NULL: of
   everything). -1 without memory. */
static int narrowed(const Term *term, const Way *ways, int64_t reach, const Growing *before, Growing *into)
{
    into->size = 0;
    Py_ssize_t heads[8] = {0}, several = term->end - term->begin, at = 0;
    for (;;) {
        int64_t place = -1;
        Py_ssize_t of = 0;
        for (Py_ssize_t i = 0; i < several; i++) {
            Py_ssize_t size;
            const int64_t *places = places_of(&ways[term->begin + i], &size);
            if (heads[i] < size && (place < 0 || places[heads[i]] < place)) {
                place = places[heads[i]];
                of = i;
            }
        }
        if (place < 0)
            return 0;
        heads[of]++;
        int64_t low = place - reach, high = place + reach + 1;
        while (before != NULL && at < before->size && before->at[at + 1] <= low)
            at += 2;
        for (Py_ssize_t i = at; before == NULL || (i < before->size && before->at[i] < high); i += 2) {
            int64_t begin = before == NULL || before->at[i] < low ? low : before->at[i];
            int64_t end = before == NULL || before->at[i + 1] > high ? high : before->at[i + 1];
            if (into->size && begin <= into->at[into->size - 1]) {
                if (end > into->at[into->size - 1])
                    into->at[into->size - 1] = end;
            } else if (growing_push(into, begin) < 0 || growing_push(into, end) < 0)
                return -1;
            if (before == NULL)
                break;
        }
    }
}

/* Merges the places of the terms of an episode; -1 without memory. */
static int merged(const Episode *episode, const Asked *asked, Growing *spots, Py_ssize_t *heads)
{
    Py_ssize_t begin = episode->begin == episode->end ? 0 : asked->terms[episode->begin].begin;
    Py_ssize_t end = episode->begin == episode->end ? 0 : asked->terms[episode->end - 1].end;
    memset(heads, 0, (size_t)(end - begin + 1) * sizeof *heads);
    spots->size = 0;
    for (;;) {
        int64_t place = INT64_MAX, group = -1, of = 0, own = 0;
        Py_ssize_t term = episode->begin;
        for (Py_ssize_t i = begin; i < end; i++) {
            while (i >= asked->terms[term].end)
                term++, own++;
            Py_ssize_t size;
            const int64_t *places = places_of(&asked->ways[i], &size);
            if (heads[i - begin] < size && places[heads[i - begin]] < place) {
                place = places[heads[i - begin]];
                group = own;
                of = i - begin;
            }
        }
        if (group < 0)
            return 0;
        heads[of]++;
        if (growing_push(spots, place) < 0 || growing_push(spots, group) < 0)
            return -1;
    }
}

/* The times of the spots: 1 if they ascend, 0 if not or if one is not there, -1 without memory. */
static int timed(const Episode *episode, const Growing *spots, Work *work)
{
    Py_ssize_t cue = 0, cues = episode->first.size;
    work->at.size = 0;
    for (Py_ssize_t i = 0; i < spots->size; i += 2) {
        Py_ssize_t step = 1, low = cue, high;
        while (low + step < cues && column_at(&episode->first, low + step) <= spots->at[i]) /* doubling, then halving */
            low += step, step *= 2;
        for (high = low + step < cues ? low + step : cues; low < high;) {
            Py_ssize_t middle = low + (high - low) / 2;
            if (column_at(&episode->first, middle) > spots->at[i])
                high = middle;
            else
                low = middle + 1;
        }
        if (!low || low > episode->starts.size) {
            work->wrong = 1;
            return 0;
        }
        cue = low - 1;
        int64_t time = column_at(&episode->starts, cue);
        if (work->at.size && time < work->at.at[work->at.size - 1])
            return 0;
        if (growing_push(&work->at, time) < 0)
            return -1;
    }
    return 1;
}

/* Appends the regions of an episode; -1 without memory. */
static int regions_of(const Episode *episode, Asked *asked, Work *work, Py_ssize_t *heads, long long milliseconds,
                      long long atoms, double least)
{
    double weights = 0.0, most = 0.0;
    Window *window = &work->window;
    for (Py_ssize_t i = episode->begin; i < episode->end; i++) {
        weights += window->weights[i - episode->begin] = asked->terms[i].weight;
        most += window->most[i - episode->begin] = asked->terms[i].most;
    }
    Growing *near = NULL;
    for (Py_ssize_t i = episode->begin; i < episode->end; i++) {
        const Term *term = &asked->terms[i];
        if (find_term(&episode->span, term, asked->ways, near) < 0)
            return -1;
        if ((weights - term->weight) * (most - term->most) > least || term->end - term->begin > 8)
            continue;
        Growing *nearer = near == &work->near ? &work->nearer : &work->near;
        if (narrowed(term, asked->ways, atoms, near, nearer) < 0)
            return -1;
        if (!nearer->size)
            return 0;
        near = nearer;
    }
    if (merged(episode, asked, &work->spots, heads) < 0)
        return -1;
    Growing *regions = &work->loose;
    const Spot *spots = (const Spot *)work->spots.at;
    regions->size = 0;
    if (slid(spots, NULL, work->spots.size / 2, window, 0, atoms, least, regions) < 0.0)
        return -1;
    int is_timed = regions->size && episode->timed ? timed(episode, &work->spots, work) : 0;
    if (is_timed > 0) {
        regions->size = 0;
        if (slid(spots, work->at.at, work->spots.size / 2, window, milliseconds, atoms, least, regions) < 0.0)
            is_timed = -1;
    }
    for (Py_ssize_t i = 0; i < regions->size && is_timed >= 0; i++)
        if (growing_push(&work->regions, regions->at[i]) < 0)
            is_timed = -1;
    return is_timed < 0 ? -1 : 0;
}

PyObject *native_competing_regions(PyObject *module, PyObject *args)
{
    PyObject *several, *saturation, *result = NULL;
    long long milliseconds, atoms;
    double least;
    if (!PyArg_ParseTuple(args, "OOLLd", &several, &saturation, &milliseconds, &atoms, &least))
        return NULL;
    Asked asked = {0};
    Work work = {.spots.raw = 1, .at.raw = 1, .near.raw = 1, .nearer.raw = 1, .loose.raw = 1, .regions.raw = 1};
    Window *window = &work.window;
    Py_ssize_t saturations = 0, *ends = NULL, *heads = NULL;
    if (asked_from(several, &asked) < 0)
        goto done;
    Py_ssize_t size = asked.size;
    ends = PyMem_New(Py_ssize_t, size + 1);
    if (ends == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    if ((window->saturation = floats_from(saturation, &saturations)) == NULL)
        goto done;
    if (!saturations || atoms < 0) {
        PyErr_SetString(PyExc_ValueError, "a value is missing");
        goto done;
    }
    window->last = saturations - 1;
    window->weights = PyMem_Calloc((size_t)asked.term_count + 1, sizeof *window->weights);
    window->most = PyMem_Calloc((size_t)asked.term_count + 1, sizeof *window->most);
    window->values = PyMem_Calloc((size_t)asked.term_count + 1, sizeof *window->values);
    window->counts = PyMem_Calloc((size_t)asked.term_count + 1, sizeof *window->counts);
    heads = PyMem_Calloc((size_t)asked.way_count + 1, sizeof *heads);
    if (window->weights == NULL || window->most == NULL || window->values == NULL || window->counts == NULL
        || heads == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    int failed = 0;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t i = 0; i < size && !failed && !work.wrong; i++) {
        failed = regions_of(&asked.episodes[i], &asked, &work, heads, milliseconds, atoms, least) < 0;
        ends[i] = work.regions.size;
    }
    Py_END_ALLOW_THREADS
    if (failed)
        PyErr_NoMemory();
    else if (work.wrong)
        PyErr_SetString(PyExc_IndexError, "a position that is not there");
    else
        result = PyList_New(size);
    for (Py_ssize_t i = 0; result != NULL && i < size; i++) {
        Py_ssize_t begin = i ? ends[i - 1] : 0;
        PyObject *regions = pairs_of(work.regions.at + begin, (ends[i] - begin) / 2);
        if (regions == NULL)
            Py_CLEAR(result);
        else
            PyList_SET_ITEM(result, i, regions);
    }
done:
    PyMem_Free(window->weights);
    PyMem_Free(window->most);
    PyMem_Free(window->values);
    PyMem_Free(window->counts);
    PyMem_Free(window->saturation);
    PyMem_Free(heads);
    PyMem_Free(ends);
    PyMem_RawFree(work.spots.at);
    PyMem_RawFree(work.at.at);
    PyMem_RawFree(work.near.at);
    PyMem_RawFree(work.nearer.at);
    PyMem_RawFree(work.loose.at);
    PyMem_RawFree(work.regions.at);
    asked_free(&asked);
    return result;
}
