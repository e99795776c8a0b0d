/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/act/actor.h"

const struct actor actor_command_line = { "the command line", "", "", &access_everything };
