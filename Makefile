# The two commands of the README are `make run` and `make test`; `make help` lists the rest.

SWIFT ?= swift
# Imports that Package.swift does not name are errors in every build.
CHECKED := --explicit-target-dependency-import-check error
# `make run ARGS="--listen 127.0.0.1:9000"`: more options for `plenary demo`.
ARGS ?=
# `make simulate MINUTES=60 SEED=7`: for how long, and from which seed on.
MINUTES ?= 5
SEED ?= 1
TOOLS := .build-tools
STYLED := Sources Tests LoadTests Package.swift

.DEFAULT_GOAL := help
.PHONY: help deps deps-test build release run test simulate hashes lint format conformance clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

deps: ## What a build needs beside the toolchain: OpenSSL's headers
	@.ci/openssl-headers

deps-test: ## What the tests need: Chromium, and Python tools in .build-tools/
	@.ci/debian-packages chromium fonts-dejavu-core python3 python3-venv
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

lint: ## The style, as a program
	$(SWIFT) format lint --strict -r -p $(STYLED)

format: ## Puts the style right where a program can
	$(SWIFT) format -i -r -p $(STYLED)

conformance: release ## Autobahn's groups 1 to 7, 9 and 10 against `plenary echo`
	PLENARY_BIN=$${PLENARY_BIN:-$$($(SWIFT) build -c release --show-bin-path)/plenary} python3 Tests/EndToEnd/conformance.py

clean: ## Forgets builds, test tools and the demo's data
	rm -rf .build $(TOOLS) .plenary-demo
