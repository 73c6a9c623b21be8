# Each target does its own set-up. Needed on the machine: Node.js with npm, Go, make (and gpg, shellcheck for all tests).
SHELL := /bin/bash
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: test unit integration lint demo bench cluster-up cluster-down clean

# Runs everything and prints `N passed, N failed` last.
test: node_modules
	@node test/run.ts

unit: node_modules
	@node test/run.ts --only unit

# One folder or file: make integration FILES=test/integration/admission.test.ts
integration: node_modules
	@node test/run.ts --only integration $(FILES)

lint: node_modules
	@node test/run.ts --only static

demo: node_modules
	@node test/demo/demo.ts

bench: node_modules
	@node test/bench/bench.ts $(ARGS)

cluster-up: node_modules
	@node test/cluster/up.ts

cluster-down: node_modules
	@node test/cluster/down.ts

# npm pins the Node.js that runs us (a dev dependency), so the machine's own may be older.
node_modules: package-lock.json
	npm ci --no-fund --no-audit --loglevel=error
	npx --no-install tap build >/dev/null
	@touch node_modules

clean: cluster-down
	rm -rf node_modules dist .tap
