.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
LOCK := requirements.lock

.PHONY: help demo test check lock clean

help:  ## List the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(VENV)/installed: pyproject.toml $(LOCK)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint $(LOCK) --editable '.[local]'
	touch $@

$(VENV)/developing: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint $(LOCK) --editable '.[local,dev]'
	touch $@

demo: $(VENV)/installed  ## Replay the starter suite on the embedded model and write a report
	$(BIN)/harness demo

test: $(VENV)/developing  ## Run all tests
	$(BIN)/harness local pull
	sh tests/get_browser.sh $(BIN)/python
	$(BIN)/python -m pytest

check: $(VENV)/developing  ## Format, lint, types, architecture
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock:  ## Pin what a fresh environment resolves to
	rm -rf $(VENV)-lock
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet '.[local,dev]'
	$(VENV)-lock/bin/python -m pip freeze --exclude persona-harness > $(LOCK)
	rm -rf $(VENV)-lock

clean:  ## Remove the environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
