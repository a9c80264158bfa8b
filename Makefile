# `make demo` shows Signoff at work; `make test` runs every check. CONTRIBUTING.md explains the rest.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.PHONY: demo test console bench generate fmt clean help

help:
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile

demo: console ## start a server with sample queues and agents that wait for you
	cargo build --profile demo --package signoff-server
	exec target/demo/signoff demo

test: ## everything: both engines, the SDK, the console in a browser, the API fuzzer
	exec scripts/test

console: console/node_modules/.package-lock.json
	cd console && npm run build

console/node_modules/.package-lock.json: console/package-lock.json
	cd console && npm ci

bench: console ## measure, and print the table of docs/performance.md
	cargo build --release --package signoff-server
	ulimit -n "$$(ulimit -Hn)"
	cargo run --release --package signoff-bench

generate: ## write the generated files anew: openapi.json and the types made from it
	cargo build --package signoff-server
	target/debug/signoff openapi > openapi.json
	cd console && npm run generate && cd ../sdks/typescript && npm run generate

fmt: ## format everything
	cargo fmt --all
	cd console && npm run format && cd ../sdks/typescript && npm run format

clean:
	rm -rf target .cache console/dist console/node_modules sdks/typescript/node_modules
	scripts/postgres stop
