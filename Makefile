.DEFAULT_GOAL := help
.PHONY: help setup run test again check types mutants bench lock anew

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes
export PATH := $(CURDIR)/$(BIN):$(PATH)

help: ## these lines
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: .venv/ready ## .venv with the locked dependencies

# Made anew when its Python is gone. The umask: as root, PostgreSQL's programs run as another user, who must read them.
.venv/ready: requirements.txt $(if $(realpath $(BIN)/python),,anew)
	@command -v $(PYTHON) >/dev/null || { echo "Caseline needs Python 3.12 or later, and there is no $(PYTHON). PYTHON=/path/to/python make run"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 12))' || { echo "Caseline needs Python 3.12 or later, and $(PYTHON) is $$($(PYTHON) -V 2>&1). PYTHON=/path/to/python3.13 make run"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "This Python cannot make virtual environments. On Debian: apt install python3-venv"; exit 1; }
	@echo "Installing the locked dependencies into .venv, about half a minute …"
	@umask 022; $(PYTHON) -m venv --clear .venv && $(PIP) -r requirements.txt
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.txt
	@echo "Installing what the tests need …"
	@umask 022; $(PIP) -r requirements-dev.txt
	@touch $@

run: setup ## the whole portal with sample data on http://127.0.0.1:8000
	@CASELINE_DEMO=1 exec $(BIN)/python manage.py run

test: .venv/ready-dev ## every test; those in a browser need Chromium
	@$(BIN)/python -m pytest tests --ignore=tests/browser -n auto --dist worksteal
	@$(BIN)/python -m pytest tests/browser -n auto --dist worksteal || { [ $$? = 1 ] && $(MAKE) again; }

again: # what failed in Chromium, one by one: whatever fails twice has failed, and what does not was told above
	@$(BIN)/python -m pytest tests/browser --last-failed --last-failed-no-failures none

check: .venv/ready-dev ## what CI runs: format, lint, types, migrations, deployment, tests
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m ruff check .
	@$(MAKE) -j2 types test

types: .venv/ready-dev
	$(BIN)/python -m mypy
	$(BIN)/python manage.py makemigrations --check --dry-run
	CASELINE_URL=https://support.example.com CASELINE_MAIL_SERVER=smtp+tls://mail.example.com \
		$(BIN)/python manage.py check --deploy --fail-level INFO

mutants: .venv/ready-dev ## remove the guards one by one: each must be missed by a test (some minutes)
	@$(BIN)/python -m tests.mutants

bench: .venv/ready-dev ## how fast it is, as a table
	@$(BIN)/python -m bench

.PHONY: bench-peer
bench-peer: .venv/ready-dev ## the same, beside django-helpdesk with 100,000 tickets
	@$(BIN)/python -m bench --peer 100000

lock: ## compile requirements from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links -q -o requirements.txt
	uv pip compile pyproject.toml --extra dev -c requirements.txt --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links -q -o requirements-dev.txt
