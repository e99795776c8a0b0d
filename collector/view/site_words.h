/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What people say of sites and LEAs, as JSON; new references. */

#include "collector/store/site_about.h"
#include "collector/view/view.h"

/* null where nobody is named. */
json_t *contact_words(const struct contact_person *person);
/* {"lea_coordinator", "coordinator", "technology"} */
json_t *site_contact_words(const struct contact_list *contacts);
json_t *track_words(const char *tracks);
/*
 * Rooms that devices name, with their numbers, and rooms that are declared, by name; those of
 * @counts are in the order of strcmp() afterwards.
 */
json_t *room_words(struct room_list *counts, const struct site_room_list *declared);
