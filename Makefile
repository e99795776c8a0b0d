# SPDX-License-Identifier: Apache-2.0
#
# `make help` lists what can be made. One make process, no recursion; nothing is
# written outside build/.

.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc)
endif

VERSION := $(shell cat VERSION)
PREFIX ?= /usr/local
DATADIR ?= $(PREFIX)/share/testready
MANDIR ?= $(PREFIX)/share/man
# Debian's, since its packages hold the test tools; not one found on PATH.
PYTHON ?= /usr/bin/python3

##
## everyday
##   all                 agent, collector and pages, in build/default (the default)
##   setup               install what building and testing needs (apt and npm)
##   demo                a collector with sample schools, and this machine checked
##   check               set up and run all tests: "N passed, N failed"
##   clean               remove build/
##

all:

# --- what is built how -------------------------------------------------------

VARIANT := $(if $(SAN),san,$(if $(COV),cov,$(if $(filter clang%,$(CC)),clang,default)))
B := build/$(VARIANT)

ifeq ($(origin CC),default)
CC := gcc
endif
WARN := -Wall -Wextra -Wshadow -Wundef -Wvla -Wpointer-arith -Wstrict-prototypes \
        -Wmissing-prototypes -Wformat=2 -Wimplicit-fallthrough
HARDEN := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
CFLAGS ?= -O2 -g
CPPFLAGS_ALL = -std=gnu11 -I. -I$(B)/gen -D_GNU_SOURCE -DVERSION='"$(VERSION)"' \
        -DDATADIR='"$(DATADIR)"'
ALL_CFLAGS = $(CPPFLAGS_ALL) $(WARN) -ffunction-sections -fdata-sections $(CFLAGS)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now,--gc-sections,--as-needed $(LDFLAGS)
ifeq ($(VARIANT),san)
ALL_CFLAGS += -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -fPIE
ALL_LDFLAGS += -fsanitize=address,undefined
else ifeq ($(VARIANT),cov)
ALL_CFLAGS += -O0 --coverage -fprofile-update=atomic -fPIE
ALL_LDFLAGS += --coverage
else
ALL_CFLAGS += $(HARDEN)
endif
ifdef WERROR
ALL_CFLAGS += -Werror
endif

# Everything but the mains goes into one archive per part, so that a test links
# the very objects that ship.
src = $(wildcard $(1)/*.c $(1)/*/*.c)
obj = $(patsubst %.c,$(B)/%.o,$(1))
MAINS := agent/main.c collector/main.c
COMMON_OBJ := $(call obj,$(call src,common))
AGENT_OBJ := $(call obj,$(filter-out $(MAINS) agent/helper/%,$(call src,agent)))
COLLECTOR_OBJ := $(call obj,$(filter-out $(MAINS),$(call src,collector)))

COMMON_PKG := jansson libsodium
AGENT_PKG := libudev libsystemd inih
COLLECTOR_PKG := libmicrohttpd gnutls sqlite3 zlib libzstd nettle cjose libcurl
AGENT_LIBS = $(call pkg_libs,$(AGENT_PKG) $(COMMON_PKG))
COLLECTOR_LIBS = $(call pkg_libs,$(COLLECTOR_PKG) $(COMMON_PKG)) -lcsv -lpthread
pkg_cflags = $(shell pkg-config --cflags $(1))
pkg_libs = $(shell pkg-config --libs $(1))

# Each file in agent/helper/ but say.c, which all of them use, is a program.
HELPERS := $(patsubst agent/helper/%.c,$(B)/helper/%,$(filter-out %/say.c,$(wildcard agent/helper/*.c)))
$(B)/helper/alsa: LIBS = $(call pkg_libs,alsa)
$(B)/helper/bluez: LIBS = $(call pkg_libs,libsystemd)
$(B)/helper/cups: LIBS = -lcups
$(B)/helper/network: LIBS = $(call pkg_libs,libcurl libssl libcrypto)
HELPER_PKG := alsa libsystemd libcurl libssl libcrypto

PROGS := $(B)/testready-agent $(B)/testready-collector $(HELPERS)
WEB := $(B)/web/.built
all: $(PROGS) $(WEB)

# --- what must be there before ------------------------------------------------

# Installing packages is only done where it was asked for: not by a plain `make`.
SETUP := build/setup.stamp
# What the pages are built and tested with, and an identity provider to sign in at in a test.
NPM := build/npm/.installed build/npm-oidc/.installed
SETS_UP := setup demo check check-unit bench fuzz fault lint coverage deb
$(SETUP): packaging/setup.sh packaging/packages.txt
	@mkdir -p $(@D)
	@sh packaging/setup.sh packaging/packages.txt
	@touch $@
setup: $(SETUP) $(NPM)
ifneq ($(filter $(SETS_UP),$(MAKECMDGOALS)),)
NEEDS_SETUP := $(SETUP)
endif

build/npm/.installed: collector/web/package.json collector/web/package-lock.json
build/npm-oidc/.installed: tests/oidc/package.json tests/oidc/package-lock.json
$(NPM): | $(NEEDS_SETUP)
	@command -v npm >/dev/null || { echo "npm is missing: run 'make setup' first" >&2; exit 1; }
	@mkdir -p $(@D) && printf '  %-5s %s\n' NPM $(@D)
	@cp $^ $(@D)/
	@cd $(@D) && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# --- rules ---------------------------------------------------------------------

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $@)

GEN := $(B)/gen/migrations.h
$(B)/gen/migrations.h: collector/store/sql/embed.sh $(wildcard collector/store/sql/*.sql)
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)sh collector/store/sql/embed.sh $(sort $(filter %.sql,$^)) > $@

# Hardware and products: rows of C tables from agent/data/.
DATA := $(patsubst agent/data/%.csv,$(B)/gen/%.inc,$(wildcard agent/data/*.csv)) $(B)/gen/browsers.inc
GEN += $(DATA)
$(B)/gen/%.inc: agent/data/%.csv agent/data/gen.awk
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)awk -f agent/data/gen.awk $< > $@
$(B)/gen/browsers.inc: agent/data/gen.awk $(wildcard agent/data/browsers/*.browser)
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)awk -f agent/data/gen.awk $(filter %.browser,$^) > $@

# What stored facts are packed with, as the bytes of a C array.
DICTS := $(patsubst collector/data/%,$(B)/gen/%.inc,$(wildcard collector/data/*.dict))
GEN += $(DICTS)
$(B)/gen/%.dict.inc: collector/data/%.dict
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)od -An -v -tu1 $< | sed 's/[0-9]\{1,\}/&,/g' > $@

$(COLLECTOR_OBJ): | $(B)/gen/migrations.h $(DICTS)
$(AGENT_OBJ): | $(DATA)
$(COMMON_OBJ): | $(B)/gen/placeholders.inc
$(B)/%.o: %.c Makefile | $(NEEDS_SETUP)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(B)/libcommon.a: $(COMMON_OBJ)
$(B)/libagent.a: $(AGENT_OBJ)
$(B)/libcollector.a: $(COLLECTOR_OBJ)
$(B)/lib%.a:
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(B)/testready-agent: $(B)/agent/main.o $(B)/libagent.a $(B)/libcommon.a
$(B)/testready-agent: LIBS = $(AGENT_LIBS)
$(B)/testready-collector: $(B)/collector/main.o $(B)/libcollector.a $(B)/libcommon.a
$(B)/testready-collector: LIBS = $(COLLECTOR_LIBS)
$(HELPERS): $(B)/helper/%: $(B)/agent/helper/%.o $(B)/agent/helper/say.o $(B)/libcommon.a
$(HELPERS): LIBS += $(call pkg_libs,jansson)
$(PROGS):
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(ALL_LDFLAGS) $^ $(LIBS) -o $@

WEB_SRC := $(filter-out %/node_modules,$(wildcard collector/web/*))
$(WEB): $(WEB_SRC) docs/openapi.yaml build/npm/.installed
	$(call say,WEB)
	$(Q)node collector/web/build.mjs $(@D)
	@touch $@

# --- tests ---------------------------------------------------------------------

UNIT := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/*/test_*.c))
UNIT_AGENT := $(filter $(B)/tests/unit/agent/%,$(UNIT))
UNIT_COLLECTOR := $(filter $(B)/tests/unit/collector/%,$(UNIT))
UNIT_COMMON := $(filter $(B)/tests/unit/common/%,$(UNIT))
$(UNIT_AGENT): $(B)/libagent.a
$(UNIT_AGENT): LIBS = $(AGENT_LIBS)
$(UNIT_COLLECTOR): $(B)/libcollector.a
$(UNIT_COLLECTOR): LIBS = $(COLLECTOR_LIBS)
$(UNIT_COMMON): LIBS = $(call pkg_libs,$(COMMON_PKG))
$(UNIT): %: %.o $(B)/libcommon.a
	$(call say,LD)
	$(Q)$(CC) $(ALL_LDFLAGS) $(filter %.o,$^) $(filter-out %libcommon.a,$(filter %.a,$^)) \
		$(B)/libcommon.a -lcmocka $(LIBS) -o $@

##
## tests and measurements
##   check-unit          only the unit tests and text cases; the quick ones
##   differential        PAIRS=100000 SEED=…: the judge and a second one in Python agree
##   property            SEQUENCES=500 SEED=…: whatever happens, counts are those of the rows
##   fault               kill, starve and confuse the programs; nothing may be lost
##   bench               ratios against limit programs and peers, as a table; BIG=1: and a million
##                       devices; PART=agent, service, ingest, judge, pages, files, fleet or bytes
##   fuzz                every parser, FUZZ_SECONDS each (default 30)
##   COV=1 coverage      which lines the tests reach, in build/cov/coverage
##   SAN=1 CC=clang …    the same under ASan and UBSan, in build/san
##

# The C judge beside a second one in Python; PAIRS=1000000 SEED=7 for more and others.
DIFFERENTIAL := $(B)/tests/differential/judge
$(DIFFERENTIAL): $(B)/tests/differential/judge.o $(call obj,$(wildcard collector/domain/*.c)) $(B)/libcommon.a
	$(call say,LD)
	$(Q)$(CC) $(ALL_LDFLAGS) $^ $(call pkg_libs,$(COMMON_PKG)) -o $@
differential: $(DIFFERENTIAL)
	$(Q)TESTREADY_BUILD="$(abspath $(B))" $(PYTHON) tests/differential/differential.py \
		--pairs $(or $(PAIRS),100000) $(if $(SEED),--seed $(SEED))

# Random sequences of what happens; SEQUENCES=5000 SEED=7 for more and others.
PROPERTY := $(B)/tests/property/property
$(PROPERTY): $(call obj,$(wildcard tests/property/*.c)) $(B)/libcollector.a $(B)/libcommon.a
	$(call say,LD)
	$(Q)$(CC) $(ALL_LDFLAGS) $^ -lcmocka $(COLLECTOR_LIBS) -o $@
property: $(PROPERTY)
	$(Q)$(PROPERTY) --sequences $(or $(SEQUENCES),500) $(if $(SEED),--seed $(SEED))

FAULT_SO := $(patsubst tests/fault/%.c,$(B)/fault/%.so,$(wildcard tests/fault/*.c))
$(B)/fault/%.so: tests/fault/%.c | $(NEEDS_SETUP)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(WARN) -O2 -fPIC -shared $< -o $@

FAULT_TOOLS := $(B)/bench/load $(B)/bench/fleet $(B)/bench/fill $(FAULT_SO)
check: $(PROGS) $(WEB) $(UNIT) $(DIFFERENTIAL) $(PROPERTY) $(FAULT_TOOLS) $(NPM)
	$(Q)$(PYTHON) tests/run.py --build $(B) tests/fault tests/e2e tests/web tests/contract tests/devices tests/security tests/property tests/differential $(UNIT)
check-unit: $(PROGS) $(UNIT)
	$(Q)$(PYTHON) tests/run.py --build $(B) $(UNIT)
fault: $(PROGS) $(WEB) $(FAULT_TOOLS)
	$(Q)$(PYTHON) tests/run.py --build $(B) --verbose tests/fault

BENCH := $(patsubst tests/bench/%.c,$(B)/bench/%,$(wildcard tests/bench/*.c tests/bench/*/*.c))
$(B)/bench/fleet: $(B)/libagent.a $(B)/libcommon.a
$(B)/bench/fill $(B)/bench/judge $(B)/bench/season: $(B)/libcollector.a $(B)/libcommon.a
$(B)/bench/load: LIBS = $(call pkg_libs,libssl libcrypto)
$(BENCH): $(B)/bench/%: $(B)/tests/bench/%.o
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(ALL_LDFLAGS) $(filter %.o,$^) $(filter %.a,$^) $(COLLECTOR_LIBS) $(AGENT_LIBS) $(LIBS) \
		-o $@

# Of the programs that only tests run, `make` keeps up to date those that were made before, so
# that nobody measures with what an older source was.
all: $(wildcard $(DIFFERENTIAL) $(PROPERTY) $(BENCH))
build/setup-bench.stamp: packaging/setup.sh packaging/packages-bench.txt
	@mkdir -p $(@D)
	@sh packaging/setup.sh packaging/packages-bench.txt
	@touch $@
bench: $(PROGS) $(WEB) $(BENCH) $(FAULT_SO) build/setup-bench.stamp
	$(Q)$(PYTHON) tests/bench/bench.py --build $(B) $(if $(BIG),--big) $(if $(PART),--only $(PART))

ifeq ($(VARIANT),cov)
coverage: check
	$(Q)mkdir -p $(B)/coverage
	$(Q)gcovr --root . --object-directory $(B) --exclude tests/ --txt --html-details $(B)/coverage/index.html
else
coverage:
	@echo "run: make COV=1 coverage" >&2; exit 1
endif

FUZZ := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_SECONDS ?= 30
FUZZ_CFLAGS = $(CPPFLAGS_ALL) -g -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
build/fuzz/obj/%.o: %.c Makefile | $(GEN) $(NEEDS_SETUP)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)clang $(FUZZ_CFLAGS) -MMD -MP -c $< -o $@
fuzz_obj = $(patsubst %.c,build/fuzz/obj/%.o,$(filter-out $(MAINS) agent/helper/%,$(call src,common) $(call src,agent) $(call src,collector)))
build/fuzz/libtestready.a: $(call fuzz_obj)
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^
$(FUZZ): build/fuzz/%: build/fuzz/obj/tests/fuzz/%.o build/fuzz/libtestready.a
	$(call say,LD)
	$(Q)clang -fsanitize=fuzzer,address,undefined $^ $(AGENT_LIBS) $(COLLECTOR_LIBS) -o $@
fuzz: $(FUZZ)
	$(Q)sh tests/fuzz/run.sh $(FUZZ_SECONDS) $(FUZZ)

##
## upkeep
##   lint                what CI refuses: format, clang-tidy, includes, spelling, contracts
##   format              let clang-format fix it
##   install             DESTDIR=… PREFIX=/usr/local
##   deb                 Debian packages of agent and collector
##   tls-scan            what testssl finds in the collector's TLS; a few minutes
##

ALL_C = $(shell git ls-files '*.c' '*.h' 2>/dev/null || find . -name '*.[ch]' -not -path './build/*')
TIDY := $(patsubst %.c,build/tidy/%.ok,$(call src,common) $(call src,agent) $(call src,collector))
build/tidy/%.ok: %.c .clang-tidy Makefile | $(GEN) $(NEEDS_SETUP)
	@mkdir -p $(@D)
	$(call say,TIDY)
	$(Q)clang-tidy --quiet $< -- $(CPPFLAGS_ALL) $(call pkg_cflags,$(COMMON_PKG) $(AGENT_PKG) $(HELPER_PKG) $(COLLECTOR_PKG)) 2>/dev/null
	@touch $@
lint: $(TIDY) build/npm/.installed
	$(Q)clang-format --dry-run -Werror $(ALL_C)
	$(Q)sh tests/lint/run.sh
	$(Q)node collector/web/lint_openapi.mjs

format:
	$(Q)clang-format -i $(ALL_C)

install: $(PROGS) $(WEB)
	sh packaging/install.sh $(B) "$(DESTDIR)" "$(PREFIX)" "$(DATADIR)" "$(MANDIR)"

# Not part of `check`: what testssl looks for changes with its own versions.
tls-scan: $(PROGS)
	$(Q)$(PYTHON) tests/security/tls_scan.py --build $(B)

deb: $(PROGS) $(WEB)
	$(Q)sh packaging/debian/build.sh $(B) $(VERSION)

# Ctrl-C stops the collector that the demo started.
DEMO_SECONDS ?=
demo: $(PROGS) $(WEB)
	$(Q)$(PYTHON) packaging/demo.py --build $(B) $(if $(DEMO_SECONDS),--seconds $(DEMO_SECONDS))

help:
	@sed -n 's/^## \{0,1\}//p' Makefile

clean:
	$(Q)rm -rf build

.PHONY: all setup check check-unit differential property fault bench coverage fuzz lint format install deb tls-scan demo help clean
-include $(shell find build -name '*.d' -type f -not -path 'build/npm*/*' -not -path 'build/chroot*' 2>/dev/null)
