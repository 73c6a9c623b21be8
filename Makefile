# Each target does its own set-up. Needed on the machine: Node.js with npm, Go, make (and gpg, shellcheck, redis-server for all tests).
SHELL := /bin/bash
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: test unit integration e2e lint mutation demo bench image cluster-up cluster-down node-up node-down clean

# Runs everything and prints `N passed, N failed` last.
test: node_modules
	@node test/run.ts

unit: node_modules
	@node test/run.ts --only unit

# One folder or file: make integration FILES=test/integration/admission.test.ts
integration: node_modules
	@node test/run.ts --only integration $(FILES)

# The same for what needs a whole node (root on Linux): make e2e FILES=test/e2e/postgres.test.ts
e2e: node_modules
	@node test/run.ts --only e2e $(FILES)

lint: node_modules
	@node test/run.ts --only static

# A sample of small faults that the unit tests should notice: make mutation SEED=7 COUNT=300; a new seed where none is given.
mutation: node_modules
	@node test/mutation/mutation.ts $(if $(SEED),--seed $(SEED)) $(if $(COUNT),--count $(COUNT)) $(if $(FILE),--file $(FILE))

# On a whole node where the machine can run one and its programs are built; ARGS=--without-node tells the other story.
demo: node_modules
	@node test/demo/demo.ts $(ARGS)

bench: node_modules
	@node test/bench/bench.ts $(ARGS)

# The container image as an OCI archive, dist/image.tar, without a container engine; `docker build .` gives the same layout.
image: node_modules
	@node image/build.ts

cluster-up: node_modules
	@node test/cluster/up.ts

cluster-down: node_modules
	@node test/cluster/down.ts

# A cluster with a node that runs pods, and our image on it (root on Linux).
node-up: node_modules
	@node test/node/up.ts

node-down: node_modules
	@node test/node/down.ts

# npm pins the Node.js that runs us (a dev dependency), so the machine's own may be older.
node_modules: package-lock.json
	npm ci --no-fund --no-audit --loglevel=error
	npx --no-install tap build >/dev/null
	@touch node_modules

clean: cluster-down node-down
	rm -rf node_modules dist .tap
