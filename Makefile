# Two commands do all set-up: `make demo` and `make test`.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
DATASETS ?=
PEERS ?=

VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.run-installed
DEV := $(VENV)/.dev-installed
DEMO_INDEX := .demo-index

.PHONY: demo test lint format bench sample screenshots clean
.DEFAULT_GOAL := help

.PHONY: help
help:
	@echo "make demo         install, build the sample index, serve it on $(HOST):$(PORT) (PORT=8123 for another port)"
	@echo "make test         lint, then all tests"
	@echo "make lint         ruff and mypy"
	@echo "make format       let ruff reformat the code"
	@echo "make bench        quality, speed and robustness; DATASETS=FOLDER adds the BEIR and PDF folders in it,"
	@echo "                  PEERS=FOLDER installs txtai there and compares the servers"
	@echo "make sample       write the sample's PDF, Word, EPUB and mail files anew"
	@echo "make screenshots  take the README's screenshots anew"
	@echo "make clean        remove the virtual environment and the sample index"

demo: $(DEMO_INDEX)/CURRENT
	$(BIN)/citebox serve --index $(DEMO_INDEX) --host $(HOST) --port $(PORT)

$(DEMO_INDEX)/CURRENT: $(RUN) $(wildcard corpus/sample/*/*) $(wildcard corpus/*.py corpus/formats/*.py index/*.py)
	$(BIN)/citebox rebuild corpus/sample --index $(DEMO_INDEX)

test: lint
	$(BIN)/python -m tests.browser
	$(BIN)/python -m pytest

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEV) $(DEMO_INDEX)/CURRENT
	$(BIN)/python -m tests.benchmarks $(DATASETS)
	$(BIN)/python -m tests.benchmarks.reading
	$(BIN)/python -m tests.benchmarks.metadata
	$(BIN)/python -m tests.benchmarks.mutations
	$(BIN)/python -m tests.benchmarks.incremental
	$(BIN)/python -m tests.benchmarks.scale $(DATASETS)
	$(BIN)/python -m tests.benchmarks.startup
	$(BIN)/python -m tests.benchmarks.faults
	$(BIN)/python -m tests.benchmarks.question $(DEMO_INDEX) corpus/sample/questions.jsonl
	$(BIN)/python -m tests.benchmarks.embedding $(wildcard $(DATASETS)/squad-dev)
	$(BIN)/python -m tests.benchmarks.serving $(wildcard $(DATASETS)/squad-dev) $(if $(PEERS),--environment $(PEERS))
	$(foreach pdfs,$(wildcard $(DATASETS)/*/pdfs),$(BIN)/python -m tests.benchmarks.pdf $(dir $(pdfs)) &&) true
	$(foreach pdfs,$(wildcard $(DATASETS)/*/pdfs),$(BIN)/python -m tests.benchmarks.ranking $(dir $(pdfs)) &&) true

sample: $(DEV)
	$(BIN)/python -m tests.write_sample

screenshots: $(DEV)
	$(BIN)/python -m tests.browser
	$(BIN)/python -m tests.screenshots

clean:
	rm -rf $(VENV) $(DEMO_INDEX)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Citebox needs Python 3.11 or later; name one with: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# torch first and on its own, at the exact version of the constraints: nothing may draw another build of it.
$(RUN): $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(DEV): $(RUN)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@
