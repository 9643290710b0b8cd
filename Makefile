# Everything one does here begins with `make`; `make help` lists it.
PYTHON ?= python3
PY = .venv/bin/python
NEEDS_PYTHON = @command -v $(PYTHON) >/dev/null || { echo "This needs Python 3.11 or newer, and $(PYTHON) is not there: install it (Debian: apt install python3 python3-venv)."; exit 1; }

.DEFAULT_GOAL := help
.PHONY: help demo run install pdf dev test lint fmt lock bench bench-faults clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: install ## install, load a sample company, start everything on http://127.0.0.1:8000 (PORT=8001 make demo)
	@$(PY) manage.py up --sample --with-parent

run: install ## the same without the sample: the first visit sets up your company
	@$(PY) manage.py up --with-parent

install: ## environment, packages, front end, static files; again only what changed
	$(NEEDS_PYTHON)
	@$(PYTHON) install.py

pdf: ## the same, and what writes the packets of reviews as PDF (needs Pango: Debian libpango-1.0-0 libpangoft2-1.0-0)
	$(NEEDS_PYTHON)
	@$(PYTHON) install.py pdf

dev:
	$(NEEDS_PYTHON)
	@$(PYTHON) install.py dev

test: dev ## the whole suite, browser tests included (one part: make test ARGS=tests/prm)
	@$(PY) -m tests.chromium
	@$(PY) -m tests.dovecot
	@$(PY) -m tests.pango
	@$(PY) -m pytest -n 2 $(ARGS)

lint: dev ## ruff, djade, mypy, and the compose file where docker is there
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@git ls-files -z 'templates/*.html' '*/templates/*.html' | xargs -0 -r .venv/bin/djade --check --target-version 5.2
	@.venv/bin/mypy
	@$(PY) -m tests.compose

fmt: dev ## put code and templates in shape
	@.venv/bin/ruff check --fix-only -q .
	@.venv/bin/ruff format .
	@git ls-files -z 'templates/*.html' '*/templates/*.html' | xargs -0 -r .venv/bin/djade --target-version 5.2 || true

lock: ## pin every package anew, with hashes (needs uv: https://docs.astral.sh/uv/)
	@command -v uv >/dev/null || { echo "uv is missing: https://docs.astral.sh/uv/ says how to install it."; exit 1; }
	uv pip compile -q --upgrade --universal --generate-hashes --python-version 3.11 --custom-compile-command "make lock" pyproject.toml -o requirements/app.txt
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --custom-compile-command "make lock" -c requirements/app.txt --extra pdf pyproject.toml -o requirements/pdf.txt
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --custom-compile-command "make lock" -c requirements/pdf.txt --extra pdf --group dev pyproject.toml -o requirements/dev.txt

bench: dev ## how fast the pages are (ARGS="…")
	@$(PY) -m bench $(ARGS)

bench-faults: dev ## kill, crash and hang what it stands on while waits fall due, and count (ARGS="--small")
	@$(PY) -m bench.faults $(ARGS)

clean: ## remove what was installed and built; data in var/ stays
	rm -rf .venv node_modules static/dist var/static var/queue .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
