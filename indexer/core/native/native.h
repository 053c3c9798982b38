/* The functions of the extension, by file. What each does is said by its twin in pure.py. */

#ifndef PODSEEK_NATIVE_H
#define PODSEEK_NATIVE_H

#include "numbers.h"

/* text.c */
PyObject *native_find(PyObject *module, PyObject *args);
PyObject *native_find_each(PyObject *module, PyObject *args);
PyObject *native_unbroken(PyObject *module, PyObject *args);

/* hits.c */
PyObject *native_merged(PyObject *module, PyObject *parts);
PyObject *native_times_at(PyObject *module, PyObject *args);
PyObject *native_hit_times(PyObject *module, PyObject *args);
PyObject *native_within(PyObject *module, PyObject *args);
PyObject *native_outside_wholes(PyObject *module, PyObject *args);

/* extents.c */
PyObject *native_joined_extents(PyObject *module, PyObject *args);

/* windows.c */
PyObject *native_slide(PyObject *module, PyObject *args);
PyObject *native_reaches(PyObject *module, PyObject *args);
PyObject *native_block_totals(PyObject *module, PyObject *args);
PyObject *native_beside(PyObject *module, PyObject *args);

/* groups.c */
PyObject *native_group_bounds(PyObject *module, PyObject *args);
PyObject *native_close_gains(PyObject *module, PyObject *args);
PyObject *native_shared_gains(PyObject *module, PyObject *args);

#endif
