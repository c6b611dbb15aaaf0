# Two commands matter: `make demo` shows what the library does, `make test` checks everything.
# Both set up .venv by themselves. Another interpreter: make test PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Compiling every module at install takes longer than the demo; Python does it on first import,
# unless forbidden to write what it compiled.
unexport PYTHONDONTWRITEBYTECODE
INSTALL := $(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check \
	-c constraints.txt
RUNNABLE := $(VENV)/.installed-demo
CHECKABLE := $(VENV)/.installed-test
MUTABLE := $(VENV)/.installed-mutants

.DEFAULT_GOAL := help
.PHONY: help demo test lint types tests docs snapshots bench mutants clean quick

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

demo: $(RUNNABLE) ## analyse the bundled panel: charts and a report in build/demo
	$(BIN)/opinionpanel demo --output build/demo

quick: lint types ## what one runs every few minutes: lint, types, and tests that are not slow
	@echo "== tests that are not slow"
	OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -q -n auto --dist loadfile tests -m "not slow" \
	  --hypothesis-profile=quick

test: lint ## everything a change must pass
	@# The types take one core, and half of the documentation no more: both at once.
	@$(MAKE) --no-print-directory -j 2 types docs
	@$(MAKE) --no-print-directory tests

lint: $(CHECKABLE) ## style and format (ruff)
	@echo "== lint"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(CHECKABLE) ## types of src (mypy --strict)
	@echo "== types"
	$(BIN)/mypy

tests: $(CHECKABLE) ## tests and the examples in docstrings; says what was skipped and why
	@echo "== tests"
	OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -q -rs -n auto --dist loadfile

docs: $(CHECKABLE) ## the documentation, in build/docs, and each of its pages opened; a warning is an error
	@echo "== docs"
	$(BIN)/python docs/readme.py
	$(BIN)/sphinx-build -W --keep-going -q -j auto -b html docs build/docs
	@echo "== every page of docs and of a report, opened"
	$(BIN)/opinionpanel report data/attitudes_2024/study.toml --output build/report
	$(BIN)/python tests/look_at_pages.py build/docs build/report

snapshots: $(CHECKABLE) ## what is printed of every result, anew; look at the difference before committing
	$(BIN)/python tests/snapshots/make_snapshots.py

bench: $(CHECKABLE) ## how fast, against the least work possible and against peers
	@# A peer in an environment of its own; without it its rows are reported as absent.
	@test -n "$$SVY_PYTHON" || test -x build/svy/bin/python || { $(PYTHON) -m venv build/svy && \
	  build/svy/bin/python -m pip install --quiet --disable-pip-version-check svy==0.35.0; } || \
	  { echo "svy cannot be installed: its rows will be absent"; rm -rf build/svy; }
	$(BIN)/python benchmarks/run.py

mutants: $(MUTABLE) ## which small faults in the code the tests notice: about an hour; goes on where it stopped
	$(BIN)/python benchmarks/mutants.py --jobs 2

clean: ## remove what was built and cached; .venv stays
	rm -rf build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -path ./$(VENV) -prune -o -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo >&2 \
	  "$(PYTHON) is missing or older than Python 3.11: name a newer one, as in 'make PYTHON=python3.12 demo'."; \
	  exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo >&2 \
	  "$(PYTHON) cannot make virtual environments: install its venv module (Debian, Ubuntu: apt-get install python3-venv)."; \
	  exit 1; }
	@echo "== making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(RUNNABLE): pyproject.toml constraints.txt | $(VENV)/.created
	@echo "== installing opinionpanel and what it needs into $(VENV) (a minute or two)"
	@$(INSTALL) -e ".[report]"
	@touch $@

$(CHECKABLE): pyproject.toml constraints.txt | $(VENV)/.created
	@echo "== installing opinionpanel and the tools for its tests into $(VENV) (a minute or two)"
	@$(INSTALL) -e ".[test]"
	@touch $(RUNNABLE) $@

$(MUTABLE): pyproject.toml constraints.txt | $(CHECKABLE)
	@echo "== installing the tool that makes mutants into $(VENV)"
	@$(INSTALL) -e ".[mutants]"
	@touch $@
