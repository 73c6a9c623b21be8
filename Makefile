# Each target does its own set-up. Needed on the machine: Node.js with npm, Go, make. What else the tests need, and what installs
# it, is in test/setup/programs.ts.
SHELL := /bin/bash
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: runtime test unit integration e2e lint mutation demo bench image cluster-up cluster-down node-up node-down clean

# Installs what is missing (as root on Debian and Ubuntu; else it prints the command), runs everything and prints `N passed, N failed` last.
test: setup-test
	@node test/run.ts

unit: setup-unit
	@node test/run.ts --only unit

# One folder or file: make integration FILES=test/integration/admission.test.ts
integration: setup-integration
	@node test/run.ts --only integration $(FILES)

# The same for what needs a whole node (root on Linux): make e2e FILES=test/e2e/postgres.test.ts
e2e: setup-e2e
	@node test/run.ts --only e2e $(FILES)

lint: runtime
	@node test/run.ts --only static

# A sample of small faults that the unit tests should notice: make mutation SEED=7 COUNT=300; a new seed where none is given.
mutation: runtime
	@node test/mutation/mutation.ts $(if $(SEED),--seed $(SEED)) $(if $(COUNT),--count $(COUNT)) $(if $(FILE),--file $(FILE))

# Without a cluster, then on a real API server, then on a whole node where its programs are built (not with ARGS=--without-node).
demo: runtime
	@node test/demo/demo.ts $(ARGS)

bench: runtime
	@node test/bench/bench.ts $(ARGS)

# The container image as an OCI archive, dist/image.tar, without a container engine; `docker build .` gives the same layout.
image: runtime
	@node image/build.ts

cluster-up: runtime
	@node test/cluster/up.ts

cluster-down: runtime
	@node test/cluster/down.ts

# A cluster with a node that runs pods, and our image on it (root on Linux).
node-up: runtime
	@node test/node/up.ts

node-down: runtime
	@node test/node/down.ts

# Reports what the target lacks, all at once, before anything of it runs.
setup-%: runtime
	@node test/setup/setup.ts $*

# A node_modules that was made before can lie on a machine that lacks a library.
runtime: node_modules
	@bash test/setup/runtime.sh $(MAKECMDGOALS)

# npm pins the Node.js that runs us (a dev dependency), so the machine's own may be older.
node_modules: package-lock.json
	@command -v npm >/dev/null || { echo "Node.js with npm is not installed: https://nodejs.org/en/download"; echo "0 passed, 1 failed"; exit 1; }
	@echo "installing the development packages (once, about 600 MB) …"
	@npm ci --no-fund --no-audit --loglevel=error || { echo "0 passed, 1 failed"; exit 1; }
	@bash test/setup/runtime.sh $(MAKECMDGOALS)
	@npx --no-install tap build >/dev/null || { echo "0 passed, 1 failed"; exit 1; }
	@touch node_modules

clean: cluster-down node-down
	rm -rf node_modules dist .tap
