/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts that exist. To add one: a line here, its line in docs/facts.md and
 * docs/schema/report-1.json, and a probe that writes it.
 */
#include "common/model/facts.h"

/* clang-format off */

#define WORDS(...) .words = (const char *const[]){ __VA_ARGS__, NULL }
#define MEMBERS(...) .members = (const struct fact[]){ __VA_ARGS__, { 0 } }

#define TEXT(n, s)          { .name = (n), .type = FACT_TEXT, .summary = (s) }
#define WORD(n, s, ...)     { .name = (n), .type = FACT_WORD, .summary = (s), WORDS(__VA_ARGS__) }
#define INT(n, lo, hi, s)   { .name = (n), .type = FACT_INT, .summary = (s), .min = (lo), .max = (hi) }
#define BOOL(n, s)          { .name = (n), .type = FACT_BOOL, .summary = (s) }
#define TEXTS(n, s)         { .name = (n), .type = FACT_LIST, .summary = (s) }
#define LIST(n, s, ...)     { .name = (n), .type = FACT_LIST, .summary = (s), MEMBERS(__VA_ARGS__) }
#define PROBE(n, s, ...)    { .name = (n), .type = FACT_OBJECT, .summary = (s), MEMBERS(__VA_ARGS__) }

#define BUS WORD("bus", "how it is attached", "usb", "bluetooth", "pci", "i2c", "ps2", "platform", "virtual", "other")
#define INPUT_DEVICE \
	TEXT("name", "as the kernel names it"), \
	BUS, \
	TEXT("usb_id", "vendor:product in hexadecimal, empty off USB"), \
	BOOL("wireless", "Bluetooth, or a receiver known to be one")

const struct fact facts_table[] = {
	PROBE("os", "the operating system",
		TEXT("id", "ID of os-release: ubuntu, fedora, debian"),
		TEXT("version_id", "VERSION_ID of os-release: 22.04"),
		TEXT("name", "PRETTY_NAME of os-release"),
		TEXT("arch", "of the kernel: x86_64, aarch64"),
		TEXT("kernel", "release of the kernel"),
		TEXTS("desktops", "installed desktop sessions: gnome, plasma")),
	PROBE("browser", "copies of a secure browser",
		LIST("installs", "every copy found on this device",
			TEXT("product", "[App] Name of application.ini, or the folder's name without version"),
			TEXT("vendor", "[App] Vendor of application.ini"),
			TEXT("version", "[App] Version of application.ini, else from the tarball or folder"),
			TEXT("build", "[App] BuildID of application.ini"),
			WORD("version_from", "where the version was read", "application.ini", "tarball", "folder", "nowhere"),
			TEXT("path", "folder it is installed in"),
			BOOL("launchable", "launcher and binary can be executed and find their libraries"),
			TEXT("why_not", "why it cannot be launched; empty when it can"),
			TEXTS("missing_libraries", "needed shared libraries that are not installed"),
			BOOL("on_network_mount", "installed on a network file system"),
			INT("desktop_entries", 0, 1000, "desktop entries that start it")),
		INT("unread_folders", 0, 1000000, "folders it may be in that the agent may not look into"),
		BOOL("running", "a secure browser is running now")),
	PROBE("audio", "sound cards, headphones, microphone",
		LIST("cards", "sound cards with something to play or record",
			TEXT("name", "as the maker or the kernel names it"),
			BUS,
			WORD("form_factor", "what it is for a person", "internal", "headset", "headphone", "speaker",
				"handset", "microphone", "webcam", "hdmi", "loopback", "unknown"),
			TEXT("usb_id", "vendor:product in hexadecimal, empty off USB"),
			BOOL("playback", "can play to a person; false for HDMI-only and loopback"),
			BOOL("capture", "can record")),
		WORD("headphones", "something to listen with that only one person hears", "present", "absent"),
		TEXT("headphones_evidence", "what that was concluded from"),
		WORD("microphone", "something to record with", "present", "absent"),
		BOOL("muted", "the output is muted"),
		INT("volume_percent", 0, 100, "volume of the output")),
	PROBE("printer", "printers and print queues",
		LIST("printers", "printers and embossers that are plugged in",
			TEXT("name", "as its maker names it"),
			WORD("connection", "how it is attached", "usb", "parallel", "serial"),
			TEXT("make_model", "maker and model, from the IEEE 1284 id or USB"),
			WORD("kind", "what comes out of it", "printer", "embosser"),
			TEXT("usb_id", "vendor:product in hexadecimal, empty off USB")),
		LIST("queues", "print queues that CUPS offers",
			TEXT("name", "of the queue"),
			WORD("connection", "how it is reached", "usb", "network", "serial", "parallel", "virtual"),
			TEXT("make_model", "printer-make-and-model"),
			WORD("kind", "what comes out of it", "printer", "embosser"),
			WORD("state", "printer-state", "idle", "printing", "stopped"),
			BOOL("accepting", "takes new jobs"))),
	PROBE("braille", "refreshable braille displays and embossers",
		LIST("displays", "refreshable braille displays that are plugged in",
			TEXT("driver", "brltty's name of the driver"),
			TEXT("models", "models that this id stands for"),
			WORD("certainty", "a generic serial chip is only possible", "certain", "possible"),
			TEXT("usb_id", "vendor:product in hexadecimal, empty off USB")),
		LIST("embossers", "braille embossers that are plugged in",
			TEXT("make_model", "maker and model"),
			WORD("connection", "how it is attached", "usb", "parallel", "serial"),
			WORD("certainty", "by its own id, or only by its maker", "certain", "possible"),
			TEXT("usb_id", "vendor:product in hexadecimal, empty off USB"))),
	PROBE("input", "keyboards, pointers, touchscreens, switches",
		LIST("keyboards", "keyboards a person can type on", INPUT_DEVICE),
		LIST("pointers", "mice, touchpads, pointing sticks", INPUT_DEVICE),
		LIST("touchscreens", "touchscreens", INPUT_DEVICE),
		LIST("switches", "assistive switches", INPUT_DEVICE)),
	PROBE("display", "screens",
		LIST("screens", "connected screens",
			TEXT("connector", "as the kernel names it: eDP-1"),
			TEXT("name", "the monitor's name, empty if it has none"),
			INT("width_px", 0, 65535, "width of the native mode"),
			INT("height_px", 0, 65535, "height of the native mode"),
			INT("diagonal_in", 0, 1000, "diagonal, rounded to whole inches"),
			BOOL("internal", "built into the device"),
			BOOL("enabled", "showing a picture"))),
	PROBE("memory", "main memory",
		INT("total_mib", 0, 1 << 30, "memory that the kernel can use, rounded up to the next 128 MiB")),
	PROBE("disk", "the system disk",
		INT("total_bytes", 0, INT64_MAX, "size of the root file system"),
		INT("free_bytes", 0, INT64_MAX, "free room for a user who is not root")),
	PROBE("cpu", "the processor",
		TEXT("model", "as the processor names itself"),
		INT("cores", 1, 65536, "logical processors"),
		INT("mhz", 1, 1000000, "highest speed")),
	PROBE("power", "mains and batteries",
		WORD("source", "what the device runs on now", "mains", "battery"),
		LIST("batteries", "the device's own batteries, not those of a mouse",
			TEXT("name", "as the kernel names it"),
			INT("percent", 0, 100, "charge"),
			INT("health_percent", 0, 200, "full charge against the design"),
			WORD("status", "as the kernel says", "charging", "discharging", "full", "not_charging"))),
	{ 0 },
};
