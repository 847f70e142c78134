# The few commands. Each sets up what it needs; each can be the first one run.
# Needs: git, Python 3.11+, and either the internet or Go (to build the sandbox's programs from tools/).

PYTHON ?= python3
BOOTSTRAP := .tenantry/bootstrap
# uv from PATH, or one of our own in the project's folder.
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo $(BOOTSTRAP)/bin/uv)
RUN := .venv/bin/

.PHONY: help setup toolchain demo test check bench clean
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
	$(RUN)pytest --ignore=tests/sandbox --ignore=tests/isolation --ignore=tests/acceptance
	$(RUN)pytest tests/sandbox tests/acceptance
	$(RUN)pytest tests/isolation

bench: toolchain ## ratios of things run side by side
	$(RUN)python -m bench

clean: ## stop the sandbox and remove what was made here (the toolchain's cache stays)
	@if [ -x $(RUN)tenantry ]; then $(RUN)tenantry sandbox down --purge --yes; fi
	rm -rf .venv .tenantry .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
