# Each target does its own set-up. Needed on the machine: Node.js with npm, Go, make. What else the tests need, and what installs
# it, is in test/setup/programs.ts.
SHELL := /bin/bash
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: test unit integration e2e lint mutation demo bench image cluster-up cluster-down node-up node-down runtime clean help

# `make help` prints the text behind `##` of each target.

# Installs what is missing (as root on Debian and Ubuntu; else it prints the command), runs everything and prints `N passed, N failed` last.
test: setup-test ## Run all tests; the last line is "N passed, N failed". This is the default target
	@node test/run.ts

unit: setup-unit ## Run the unit tests, with the coverage of the pure code
	@node test/run.ts --only unit

integration: setup-integration ## Run the integration tests; FILES=test/integration/keys.test.ts runs one file
	@node test/run.ts --only integration $(FILES)

e2e: setup-e2e ## Run the end-to-end tests on a whole node (root on Linux); FILES=test/e2e/postgres.test.ts runs one file
	@node test/run.ts --only e2e $(FILES)

lint: runtime ## Run the static checks: format, types, generated files, imports
	@node test/run.ts --only static

mutation: runtime ## Make small faults that the unit tests should notice; SEED=7 COUNT=300 FILE=src/kube/ choose them
	@node test/mutation/mutation.ts $(if $(SEED),--seed $(SEED)) $(if $(COUNT),--count $(COUNT)) $(if $(FILE),--file $(FILE))

demo: runtime ## Show the program offline, on an API server, and on a node; ARGS=--without-node leaves out the node
	@node test/demo/demo.ts $(ARGS)

bench: runtime ## Measure the program; ARGS="--only admission --clients 1,10" chooses what
	@node test/bench/bench.ts $(ARGS)

# `docker build .` gives the same layout.
image: runtime ## Build the container image, dist/image.tar (an OCI archive), without a container engine
	@node image/build.ts

cluster-up: runtime ## Start a control plane without nodes, for trying things by hand
	@node test/cluster/up.ts

cluster-down: runtime ## End the control plane of cluster-up
	@node test/cluster/down.ts

node-up: runtime ## Start a cluster with a node that runs pods, and our image on it (root on Linux)
	@node test/node/up.ts

node-down: runtime ## End the cluster of node-up
	@node test/node/down.ts

# Reports what the target lacks, all at once, before anything of it runs.
setup-%: runtime
	@node test/setup/setup.ts $*

# A node_modules that was made before can lie on a machine that lacks a library.
runtime: node_modules ## Install the development packages; every other target does this first
	@bash test/setup/runtime.sh $(MAKECMDGOALS)

# npm pins the Node.js that runs us (a dev dependency), so the machine's own may be older.
node_modules: package-lock.json
	@command -v npm >/dev/null || { echo "Node.js with npm is not installed: https://nodejs.org/en/download"; echo "0 passed, 1 failed"; exit 1; }
	@echo "installing the development packages (once, about 600 MB) …"
	@npm ci --no-fund --no-audit --loglevel=error || { echo "0 passed, 1 failed"; exit 1; }
	@bash test/setup/runtime.sh $(MAKECMDGOALS)
	@touch node_modules

clean: cluster-down node-down ## End both clusters, and delete the development packages and everything that was built
	rm -rf node_modules dist .tap

# Without `runtime`: it is the first command that a new user types.
help: ## Print the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "%-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
