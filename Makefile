# Two commands do everything: `make run` and `make test`. Both make .venv themselves from PyPI.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
PCSC   := $(VENV)/.pcsc

.PHONY: run test test-deps lint bench docs screenshots lock clean

run: $(READY)
	@$(BIN)/shebaoka demo

# Compiled modules are kept, whatever the environment says: the tests start many processes.
test: export PYTHONDONTWRITEBYTECODE =
test: $(READY)
	@[ ! -e /usr/include/PCSC/winscard.h ] || $(MAKE) --no-print-directory $(PCSC)
	$(BIN)/python -m pytest -n 2

# System packages for the tests that need a real PC/SC stack and a PDF renderer; needs root (Debian, apt).
test-deps:
	sh scripts/test-deps.sh

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)
	@[ ! -e /usr/include/PCSC/winscard.h ] || $(MAKE) --no-print-directory $(PCSC)
	sh bench/run.sh

# Generated reference pages under docs/reference.
docs: $(READY)
	$(BIN)/shebaoka spec docs docs/reference
	$(BIN)/shebaoka driver docs docs/reference
	$(BIN)/shebaoka office docs docs/reference

# Pictures of the desk's pages under docs/images; needs Chromium (make test-deps).
screenshots: $(READY)
	SHEBAOKA_SCREENSHOTS=docs/images $(BIN)/python -m pytest -n 0 tests/browser/test_screenshots.py

# Lock files with hashes, for every supported Python.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --extra office --extra driver --group dev pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --extra pcsc -c requirements.lock pyproject.toml -o requirements-pcsc.lock

clean:
	rm -rf $(VENV) var

$(READY): requirements.lock pyproject.toml
	@echo "Installing into $(VENV): once, about a minute"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

$(PCSC): $(READY) requirements-pcsc.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-pcsc.lock
	touch $(PCSC)
