# Two commands do everything: `make run` opens the app, `make test` passes the tests.
# Both set up .venv first; a second call finds it ready.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.PHONY: run test check bench lock clean

run: $(VENV)/.run-ready
	$(BIN)/python app.py

test: $(VENV)/.test-ready
	$(BIN)/python -m pytest

check: $(VENV)/.test-ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tests/lengths.py

bench: $(VENV)/.test-ready
	$(BIN)/python -m benchmarks

lock: $(VENV)/.test-ready
	$(PIP) pip-tools
	$(BIN)/pip-compile --quiet --strip-extras --all-extras --no-annotate --output-file constraints.txt pyproject.toml

clean:
	rm -rf $(VENV)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run-ready: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable .
	touch $@

$(VENV)/.test-ready: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[test]'
	touch $@ $(VENV)/.run-ready
