# Everything happens in .venv; nothing needs root, Docker, or a server that runs already.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
# Whoever has uv waits a quarter of the time. Most of what is installed is never imported: what is gets compiled then.
PIP := $(if $(shell command -v uv),uv pip install --python $(BIN)/python,$(BIN)/python -m pip install --no-compile \
	--disable-pip-version-check) --quiet --constraint constraints.txt

.PHONY: help demo up test lint chaos bench clean

help: ## Show this help
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | awk -F ':.*?## ' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: .venv/run.stamp ## See it do its job, on this machine alone, in about a minute
	@$(BIN)/dispatcher demo

up: .venv/run.stamp ## Run the whole system with simulated providers and invented people, until Ctrl-C
	@$(BIN)/dispatcher up --simulated --sample

# Half of the time is waiting, so three at once are faster on two processors too.
test: .venv/test.stamp ## Run the tests; JOBS=1 for one after the other
	@$(BIN)/python -m pytest --numprocesses $(or $(JOBS),3) --dist worksteal

lint: .venv/test.stamp ## Check style, types and the directions of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

chaos: .venv/test.stamp ## Attack a broadcast in every way; SEEDS=20 for more random ones, FIRST=7 to begin with
	@CHAOS_SEEDS=$(or $(SEEDS),5) CHAOS_FIRST=$(or $(FIRST),0) $(BIN)/python -m pytest tests/chaos

bench: .venv/bench.stamp ## Measure (20 minutes); ONLY=rows for a part, SCALE=0.1 for a quick look
	@$(BIN)/python -m benchmarks.run $(if $(ONLY),--only $(ONLY)) $(if $(SCALE),--scale $(SCALE))

clean: ## Remove what make has made
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "on Debian and Ubuntu: apt install python3-venv" >&2; rm -rf .venv; exit 1; }

.venv/run.stamp: .venv/bin/python pyproject.toml constraints.txt
	@echo "Setting up .venv (once) ..."
	@$(PIP) --editable . && touch $@

.venv/test.stamp: .venv/bin/python pyproject.toml constraints.txt
	@echo "Setting up .venv for tests (once) ..."
	@$(PIP) --editable '.[test]' && touch .venv/run.stamp $@

.venv/bench.stamp: .venv/bin/python pyproject.toml constraints.txt
	@echo "Setting up .venv for benchmarks (once) ..."
	@$(PIP) --editable '.[test,bench]' && touch .venv/run.stamp .venv/test.stamp $@
