# Two commands do everything: `make run` opens the app, `make test` passes the tests.
# Both set up .venv first; a second call finds it ready.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.PHONY: run test check bench results lock clean

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

# The figures of docs/results.md: all suites, the baseline, evidence, the whole agent, and the arms that must score
# as they should. The embedded model drafts one candidate, so `choice` and `rerank` would only repeat `full`.
results: $(VENV)/.run-ready
	$(BIN)/sparrow-lite eval adversarial carve_outs ordinary evidence --search starter --workers 2 \
		--arm prompted --arm evidence --arm full \
		--arm refuses --arm complies --arm random_evidence --arm first_sentence --out runs/embedded
	$(BIN)/sparrow-lite report runs/embedded
	$(BIN)/sparrow-lite report runs/embedded --format md --out docs/results.md

# Pins all platforms' torch parts; pip installs only those that the torch build at hand asks for.
lock: $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --all-extras --no-annotate --no-header \
		--output-file constraints.txt pyproject.toml

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
