# `make demo` shows Signoff at work; `make test` runs every check. CONTRIBUTING.md explains the rest.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.PHONY: help demo test console bench generate fmt clean

export CARGO_TARGET_DIR ?= $(CURDIR)/target

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

demo: console ## a server with sample queues, and agents that wait for you
	cargo build --profile demo --locked --package signoff-server
	exec "$$CARGO_TARGET_DIR/demo/signoff" demo $(ARGS)

test: ## everything: both engines, the SDK, the console in a browser, the API fuzzer
	@exec scripts/test $(STEPS)

console: console/dist/index.html ## the console's files, which the binary holds

# The compiler follows the files that it found, not those that appear later: the first build of the console is announced by a touch.
console/dist/index.html: $(shell find console/src console/public -type f) $(wildcard console/*.html console/*.json console/vite.config.ts) console/node_modules/.package-lock.json
	test -e $@ || touch crates/http/src/console.rs
	npm --prefix console run build
	touch $@

%/node_modules/.package-lock.json: %/package-lock.json
	npm --prefix $* ci --no-audit --no-fund
	touch $@

bench: console ## measure, and print the table of docs/performance.md
	cargo build --release --locked --package signoff-server
	ulimit -n "$$(ulimit -Hn)"
	cargo run --release --locked --package signoff-bench

generate: console/node_modules/.package-lock.json sdks/typescript/node_modules/.package-lock.json ## openapi.json, and the types made from it
	cargo xtask generate

fmt: console/node_modules/.package-lock.json sdks/typescript/node_modules/.package-lock.json ## format everything
	cargo fmt --all
	npm --prefix console run format
	npm --prefix sdks/typescript run format

clean: ## remove what was built and downloaded
	rm -rf target .cache console/dist console/node_modules sdks/typescript/{node_modules,dist,build}
	scripts/postgres stop
