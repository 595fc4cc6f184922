# Every command of the product. PYTHON may name another interpreter (3.11 or newer).
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export PYTHONDONTWRITEBYTECODE ?=

# Tests that watch the clock of running products: one after another, alone on the machine.
LONELY := tests/faults tests/browser

.PHONY: run up test check bench mutants features shots schema clean

run: $(VENV)/.installed
	$(BIN)/python manage.py run

up: $(VENV)/.installed
	$(BIN)/python manage.py up

test: $(VENV)/.dev
	$(BIN)/python tests/prepare.py
	$(MAKE) --no-print-directory static
	$(BIN)/python -m pytest -n 2 --dist loadfile $(LONELY:%=--ignore=%)
	$(BIN)/python -m pytest $(LONELY)

check: $(VENV)/.dev static
	$(BIN)/python -m pytest -m "not postgres and not redis and not mqtt and not browser and not slow" -x

static: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py check

bench: $(VENV)/.dev
	$(BIN)/python -m bench

mutants: $(VENV)/.dev
	$(BIN)/python tests/attack/mutants.py

.PHONY: proof
# Kills server and database at random and looks whether anything acknowledged is lost: make proof KILLS=200
KILLS ?= 200
proof: $(VENV)/.dev
	$(BIN)/python -m bench.proof --kills $(KILLS)

features: $(VENV)/.dev
	$(BIN)/python tests/features.py

shots: $(VENV)/.dev
	$(BIN)/python tests/shots.py

schema: $(VENV)/.dev
	$(BIN)/python -m indicators.schema

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
