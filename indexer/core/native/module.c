/* The module: the names of its functions, and the version by which Python knows that it is of this source. */

#include "native.h"

/* Raise it with any change of what a function takes or gives, here and in __init__.py: one built before is left
   alone. */
#define VERSION 23

#define FUNCTION(NAME) {#NAME, native_##NAME, METH_VARARGS, NULL}

static PyMethodDef functions[] = {
    FUNCTION(find),
    FUNCTION(find_each),
    FUNCTION(unbroken),
    FUNCTION(find_classes),
    FUNCTION(runs_heard),
    FUNCTION(distances),
    FUNCTION(jaro_winkler),
    FUNCTION(fitting_syllables),
    FUNCTION(fitting_ways),
    FUNCTION(sign),
    FUNCTION(find_in_all),
    FUNCTION(mark_triples),
    FUNCTION(damaged_block),
    FUNCTION(damaged_value),
    FUNCTION(stream_units),
    FUNCTION(unpacked_block),
    FUNCTION(keyed_numbers),
    FUNCTION(relevances),
    {"ascends", native_ascends, METH_O, NULL},
    FUNCTION(most_gains),
    FUNCTION(episode_bounds),
    FUNCTION(terms_in),
    FUNCTION(dense_groups),
    FUNCTION(least),
    {"merged", native_merged, METH_O, NULL},
    FUNCTION(times_at),
    FUNCTION(hit_times),
    FUNCTION(outside_wholes),
    FUNCTION(joined_extents),
    FUNCTION(within),
    FUNCTION(slide),
    FUNCTION(reaches),
    FUNCTION(block_totals),
    FUNCTION(beside),
    FUNCTION(by_text),
    FUNCTION(by_cut),
    FUNCTION(by_bit),
    FUNCTION(likely_regions),
    FUNCTION(grouped),
    FUNCTION(counted),
    FUNCTION(competing_regions),
    FUNCTION(group_bounds),
    FUNCTION(group_mosts),
    FUNCTION(close_gains),
    FUNCTION(shared_gains),
    FUNCTION(products),
    FUNCTION(standardized),
    FUNCTION(best_means),
    FUNCTION(largest),
    FUNCTION(word_numbers),
    FUNCTION(word_starts),
    FUNCTION(tally),
    FUNCTION(neighbours),
    FUNCTION(tally_pairs),
    FUNCTION(likely_pairs),
    FUNCTION(translated),
    FUNCTION(laid_out),
    FUNCTION(summed_up),
    FUNCTION(clocked),
    {NULL, NULL, 0, NULL},
};

static int prepare(PyObject *module)
{
    return PyModule_AddIntConstant(module, "VERSION", VERSION);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, prepare}, {0, NULL}};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "compiled", "The hot loops of a search, compiled; pure.py names the same in Python.", 0,
    functions, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit_compiled(void)
{
    return PyModuleDef_Init(&definition);
}
