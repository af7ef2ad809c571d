# Needs Debian's python3 (3.11 or newer), python3-venv and make; everything else is set up here.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check --no-input
ORDINARY := not slow and not kill and not postgres
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header

.PHONY: help setup dev demo run test check lint types lock
help: ## List the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "IGNY8 needs Python 3.11 or newer; name one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@echo "Making .venv ..."
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.runtime: .venv/.made requirements.lock pyproject.toml
	@echo "Installing IGNY8 and what it needs into .venv (a minute or two) ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock
	@echo "Installing the tools for tests and checks ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

setup: .venv/.runtime ## Install IGNY8 into .venv
dev: .venv/.dev ## Install the tools for tests and checks, too

demo: setup ## Make articles from the bundled keywords, offline, and show where they are
	@$(BIN)/igny8 demo

run: setup ## Serve on http://localhost:8000/ and work on runs
	@$(BIN)/igny8 up

# Checks look at the code, never at an installation: they have a data folder of their own.
lint types test: export DATABASE_URL :=
lint types: export IGNY8_DATA := .venv/.scratch

test: dev ## The ordinary suite, on SQLite
	@echo "Left out here, run by .ci/run: tests marked slow or kill (they take minutes), and PostgreSQL (it needs a server)."
	@$(BIN)/pytest -n 2 -m "$(ORDINARY)"

lint: dev ## Form, habits, layers, templates, migrations and sizes
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/djlint --quiet --lint igny8
	@$(BIN)/python manage.py check
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python -m tools.shape igny8 tests bench tools

types: dev ## Annotations, strictly
	@$(BIN)/mypy igny8 tests bench tools

check: lint types test ## Everything that must hold before a change lands

lock: dev ## Resolve the locks anew
	@$(LOCK) --upgrade pyproject.toml tools/build.in -o requirements.lock
	@$(LOCK) --upgrade --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
