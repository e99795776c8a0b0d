/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The IEEE 1284 device id of a printer: "MFG:HP;MDL:LaserJet 4;CLS:PRINTER;".
 */

#include "common/base/base.h"

/*
 * The value of the first of @keys (ended by NULL) that @id has, without white
 * space around it; keys are compared without case. NULL if there is none or it
 * is empty. Owned by the caller.
 */
char *ieee1284_value(const char *id, const char *const *keys) _must_check_;

/* The long and the short names of the two that matter. */
extern const char *const ieee1284_maker[]; /* MFG, MANUFACTURER */
extern const char *const ieee1284_model[]; /* MDL, MODEL, DES, DESCRIPTION */

/* Maker and model, the maker once; NULL if @id names no model. Owned by the caller. */
char *ieee1284_make_model(const char *id) _must_check_;
