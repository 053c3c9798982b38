/* Terms to be looked for in several episodes, read from Python: pinned or copied, so that they can be used without the
   interpreter's lock. */

#ifndef PODSEEK_ASKED_H
#define PODSEEK_ASKED_H

#include "native.h"

/* One way a term may be there: a needle in the text, or positions that are known. */
typedef struct {
    Py_buffer needle;
    Numbers known;
    Growing found;
} Way;

typedef struct {
    double weight, most;
    Py_ssize_t begin, end; /* its ways */
} Term;

typedef struct {
    Py_buffer data;
    Span span;
    Column first, starts;
    int timed;
    Py_ssize_t begin, end; /* its terms */
} Episode;

/* Zeroed, it is empty. */
typedef struct {
    PyObject *kept; /* what signatures are in */
    Episode *episodes;
    Term *terms;
    Way *ways;
    Py_ssize_t size, term_count, way_count, term_room, way_room;
} Asked;

/* Reads (place, first, starts, terms) of each episode, a term being (weight, most, ways): see competing.py. -1 with
   an exception; freed with asked_free in either case. */
int asked_from(PyObject *episodes, Asked *asked);
void asked_free(Asked *asked);

#endif
