# Every target makes the virtual environment on first use; python3 and make are all it needs.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8080
HOST ?= 127.0.0.1
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: serve test test-thorough test-slow test-recipes check docs bench clean

serve: $(READY)  ## the demo animations on http://localhost:$(PORT)
	$(BIN)/figreel serve --host $(HOST) --port $(PORT)

test: $(READY)  ## each test, and of long lists of cases a part
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

test-thorough: $(READY)  ## all cases
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow and not recipes" $(ARGS)

test-slow: $(READY)  ## the tests that take minutes
	$(BIN)/python -m pytest -m slow --timeout 3600 $(ARGS)

test-recipes: $(VENV)-recipes/.ready  ## docs/recipes with the libraries they are for, in an environment of their own
	$(VENV)-recipes/bin/python -m pytest -p no:dash -n 2 --dist loadfile -m recipes tests/recipes $(ARGS)

check: $(READY)  ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)-docs/.ready  ## the documents as a site, in build/docs
	$(VENV)-docs/bin/python -m mkdocs build $(ARGS)

bench: $(READY)  ## side by side with the tempfile way
	$(BIN)/python -m benchmarks $(ARGS)

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

$(VENV)-recipes/.ready: pyproject.toml tests/recipes/requirements.txt
	$(PYTHON) -m venv $(VENV)-recipes
	$(VENV)-recipes/bin/python -m pip install --quiet --editable '.[all]' --requirement tests/recipes/requirements.txt
	touch $@

$(VENV)-docs/.ready: docs/requirements.txt
	$(PYTHON) -m venv $(VENV)-docs
	$(VENV)-docs/bin/python -m pip install --quiet --requirement docs/requirements.txt
	touch $@

clean:
	rm -rf $(VENV) $(VENV)-recipes $(VENV)-docs build dist *.egg-info
