/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Headsets and loudspeakers over Bluetooth, which are no sound cards of the
 * kernel: the sound server plays to them by itself.
 */

#include "agent/env.h"
#include "agent/probe/audio_card.h"
#include "agent/probe/bluetooth.h"
#include "common/base/base.h"
#include "common/base/err.h"

enum audio_link {
	AUDIO_LINK_OTHER, /* not connected, or a mouse: nothing to listen with */
	AUDIO_LINK_CARD,  /* it plays or records */
	AUDIO_LINK_DOUBT, /* BlueZ does not know enough of it */
};

/*
 * What @device is. Only AUDIO_LINK_CARD fills *@ret_card, whose name the caller
 * owns. Never by its icon, which is another in each version of BlueZ.
 */
enum audio_link audio_bluetooth_kind(const struct bluetooth_device *device,
				     struct audio_card *ret_card);

/*
 * Add to @cards what is connected. -errno: something is connected that may be
 * a headset, and @err is why it is not known.
 */
int audio_bluetooth_add(const struct env *env, struct audio_cards *cards,
			struct err *err) _must_check_;
