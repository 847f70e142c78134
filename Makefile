# The few commands. Each sets up what it needs; each can be the first one run.
# Needs: git, Python 3.11+, and either the internet or Go (to build the sandbox's programs from tools/).

PYTHON ?= python3
BOOTSTRAP := .tenantry/bootstrap
# uv from PATH, or one of our own in the project's folder.
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo $(BOOTSTRAP)/bin/uv)
RUN := .venv/bin/

.PHONY: help setup toolchain demo test test-sandbox test-rest check bench clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

$(BOOTSTRAP)/bin/uv:
	$(PYTHON) -m venv $(BOOTSTRAP)
	$(BOOTSTRAP)/bin/pip install --quiet 'uv>=0.9'

setup: $(if $(filter uv,$(UV)),,$(BOOTSTRAP)/bin/uv) ## the Python environment in .venv, exactly as locked
	@$(UV) sync --quiet --locked --group dev

toolchain: setup ## the sandbox's programs: found, downloaded or built
	@$(RUN)python -m tenantry.sandbox.toolchain

demo: setup ## three teams arrive on a real Kubernetes API server, through a real Pulumi engine
	@$(RUN)tenantry demo

check: setup ## format, lint, types, import directions
	$(RUN)ruff format --check .
	$(RUN)ruff check .
	$(RUN)mypy
	$(RUN)lint-imports

test: check toolchain ## everything that must hold
	@mkdir -p .tenantry
	@echo 'Running. Each half is printed when it is done; until then: tail -f $(HALVES:%=.tenantry/%.log)'
	@$(MAKE) --no-print-directory --keep-going --jobs=2 $(HALVES)

# Side by side, since tests with a cluster wait for it half of the time.
HALVES := test-sandbox test-rest
test-sandbox: TESTS := tests/sandbox
test-rest: TESTS := --ignore=tests/sandbox

$(HALVES): setup
	@$(RUN)pytest -o cache_dir=.pytest_cache/$@ $(TESTS) >.tenantry/$@.log 2>&1; code=$$?; cat .tenantry/$@.log; exit $$code

bench: toolchain ## ratios of things run side by side
	$(RUN)python -m bench

clean: ## stop the sandbox and remove what was made here (the toolchain's cache stays)
	@if [ -x $(RUN)tenantry ]; then $(RUN)tenantry sandbox down --purge --yes; fi
	rm -rf .venv .tenantry .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
