# The two commands of the README are `make run` and `make test`; `make help` lists the rest.

SWIFT ?= swift
# Imports that Package.swift does not name are errors in every build.
CHECKED := --explicit-target-dependency-import-check error
# `make run ARGS="--listen 127.0.0.1:9000"`: more options for `plenary demo`.
ARGS ?=
# `make simulate MINUTES=60 SEED=7`: for how long, and from which seed on.
MINUTES ?= 5
SEED ?= 1
# `make bench ROUNDS=1 SECONDS=2 ARGS="--only plenary,c --shapes 100x10-deep"` for a quick look.
bench: ROUNDS ?= 3
SECONDS ?= 5
# `make kill ROUNDS=20 CLIENTS=40`: so many deaths, and so many people.
kill: ROUNDS ?= 200
CLIENTS ?= 200
# `make backups COPIES=200`: so many copies of a folder under load.
COPIES ?= 50
TOOLS := .build-tools
STYLED := Sources Tests LoadTests Package.swift

# `make loadtest SCENARIO=bell TLS=1 ARGS="--seed 7"`: which evening, over TLS, and more options for `plenary-load`.
SCENARIO ?= smoke

.DEFAULT_GOAL := help
.PHONY: loadtest help deps deps-test deps-bench build release run test simulate hashes bench bench-growth fuzz lint format conformance
.PHONY: attack backups faults kill sanitize clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

deps: ## What a build needs beside the toolchain: OpenSSL's headers
	@.ci/openssl-headers

deps-test: ## What the tests need: Chromium, and Python tools in .build-tools/
	@.ci/debian-packages chromium fonts-dejavu-core python3 python3-venv
	@.ci/python-tools $(TOOLS)/python Tests/EndToEnd/requirements.txt

deps-bench: ## What `make bench` and `make bench-growth` need: node's `ws` and Python's `websockets`, in .build-tools/
	@.ci/debian-packages python3 python3-venv
	@mkdir -p $(TOOLS)
	@.ci/node-ws $(TOOLS)/node-ws
	@.ci/python-tools $(TOOLS)/python Tests/EndToEnd/requirements.txt

build: deps ## A debug build
	$(SWIFT) build $(CHECKED)

release: deps ## A release build of the server
	$(SWIFT) build -c release --product plenary $(CHECKED)

run: release ## A server with links to click; ARGS="…" goes to `plenary demo`
	$$($(SWIFT) build -c release --show-bin-path)/plenary demo --data .plenary-demo $(ARGS)

test: deps deps-test lint ## Everything that can fail, then one line that sums it up
	$(SWIFT) build --build-tests $(CHECKED)
	@.ci/suites $(TOOLS)

simulate: ## Random evenings in release, with crashes and every check, for MINUTES=5 from SEED=1 on
	@SWIFT=$(SWIFT) .ci/simulate $(TOOLS) $(MINUTES) $(SEED)

hashes: ## A thousand simulated sessions, replayed alike by a debug and a release build
	@SWIFT=$(SWIFT) .ci/hashes $(TOOLS) $(SEED)

bench: deps deps-bench ## Plenary's cost of a delivery beside that of bare servers; ROUNDS=3 SECONDS=5 ARGS="--only plenary,c"
	$(SWIFT) build -c release --product plenary $(CHECKED)
	$(SWIFT) build -c release --product plenary-load $(CHECKED)
	cc -O2 -Wall -Wextra -Werror -std=gnu2x LoadTests/Bench/room.c -lcrypto -o $(TOOLS)/room
	built=$$($(SWIFT) build -c release --show-bin-path) && python3 LoadTests/Bench/bench.py --plenary $$built/plenary \
		--load $$built/plenary-load --room $(TOOLS)/room --rounds $(ROUNDS) --seconds $(SECONDS) $(ARGS)

bench-growth: deps deps-bench ## How Plenary's cost grows with people, sessions and events; ARGS="--parts members,journal"
	$(SWIFT) build -c release --product plenary $(CHECKED)
	$(SWIFT) build -c release --product plenary-load $(CHECKED)
	built=$$($(SWIFT) build -c release --show-bin-path) && $(TOOLS)/python/bin/python LoadTests/Bench/growth.py \
		--plenary $$built/plenary --load $$built/plenary-load $(ARGS)

loadtest: deps ## A server of its own and an evening against it, SCENARIO=first-evening; what it came to is in LoadTests/Results
	$(SWIFT) build -c release --product plenary $(CHECKED)
	$(SWIFT) build -c release --product plenary-load $(CHECKED)
	TLS=$(TLS) LoadTests/loadtest $$($(SWIFT) build -c release --show-bin-path) $(SCENARIO) $(ARGS)

fuzz: deps ## Feeds each reader with whatever libFuzzer thinks up, SECONDS=60 each; ARGS="json frames"
	@SWIFT=$(SWIFT) .ci/fuzz $(TOOLS) $(SECONDS) $(ARGS)

sanitize: deps deps-test ## All tests under the address and the thread sanitizer; ARGS=thread for one of them
	@SWIFT=$(SWIFT) .ci/sanitize $(TOOLS) $(ARGS)

lint: ## The style, as a program
	$(SWIFT) format lint --strict -r -p $(STYLED)

format: ## Puts the style right where a program can
	$(SWIFT) format -i -r -p $(STYLED)

conformance: release ## Autobahn's groups 1 to 7, 9 and 10 against `plenary echo`, plain and over TLS
	PLENARY_BIN=$${PLENARY_BIN:-$$($(SWIFT) build -c release --show-bin-path)/plenary} python3 Tests/EndToEnd/conformance.py

attack: release deps-test ## Attacks on the server, each in full beside people who must notice nothing, and a table of what they came to
	$(SWIFT) build -c release --product plenary-load $(CHECKED)
	PLENARY_BIN=$${PLENARY_BIN:-$$($(SWIFT) build -c release --show-bin-path)/plenary} PLENARY_ATTACK=full \
		$(TOOLS)/python/bin/pytest Tests/EndToEnd -k "attack or test_row" -s

kill: release deps-test ## A server killed with SIGKILL under load, again and again, and what was lost; ROUNDS=200 CLIENTS=200
	PLENARY_BIN=$${PLENARY_BIN:-$$($(SWIFT) build -c release --show-bin-path)/plenary} \
		$(TOOLS)/python/bin/python Tests/EndToEnd/kill_loop.py --rounds $(ROUNDS) --clients $(CLIENTS)

backups: release deps-test ## Copies of a folder at random moments under load, each restored and asked for all it must have; COPIES=50
	COPIES=$(COPIES) PLENARY_BIN=$${PLENARY_BIN:-$$($(SWIFT) build -c release --show-bin-path)/plenary} \
		$(TOOLS)/python/bin/pytest Tests/EndToEnd/test_backup.py -s

faults: FAULTY := -c release --scratch-path .build/faults -Xswiftc -enable-testing
faults: export PLENARY_ONLY := WebSocket,Sessions,SessionProtocol,Fanout,SessionEngine,CLinux,Journal,JournalTests
faults: ## Every misfortune of a disk at every step of a folder's life, in release: half an hour
	$(SWIFT) build --build-tests $(FAULTY) $(CHECKED)
	DISK_FAULTS=all $(SWIFT) test --skip-build $(FAULTY) --disable-xctest --filter DiskFaultTests

clean: ## Forgets builds, test tools and the demo's data
	rm -rf .build $(TOOLS) .plenary-demo
