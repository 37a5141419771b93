# The two commands a newcomer needs: `make demo` and `make test`. Everything is installed into .venv.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
endif
RUN_STAMP := $(VENV)/.run-installed
TEST_STAMP := $(VENV)/.test-installed
PEERS := .bench-venv
PEERS_STAMP := $(PEERS)/.installed

.PHONY: demo install test coverage bench bench-quick growth corpus polluted hostile soak soak-kills every-write sweep schemathesis lint types arrows lock lock-check wheel samples goldens clean help

help:  ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

demo: $(RUN_STAMP)  ## the whole job on a sample, against the embedded sandbox
	$(BIN)/python -m migrate demo

install: $(TEST_STAMP)  ## what the tests need

test: $(TEST_STAMP)  ## install what the tests need and run them
	$(BIN)/python -m pytest -n 5

coverage: $(TEST_STAMP)  ## the same, with the share of lines and branches that they reach; fails below 90 %
	$(BIN)/python -m pytest -n 5 --cov --cov-report=term:skip-covered --cov-fail-under=90

bench: $(TEST_STAMP) $(PEERS_STAMP)  ## every goal against its bare baseline; writes benchmarks/RESULTS.md and the lines in README.md
	$(BIN)/python -m benchmarks.bench

bench-quick: $(TEST_STAMP) $(PEERS_STAMP)  ## the same in small sizes, to see that all of it works; writes nothing
	$(BIN)/python -m benchmarks.bench --quick

growth: $(TEST_STAMP)  ## time and memory by size; writes benchmarks/GROWTH.md and docs/growth.svg
	$(BIN)/python -m benchmarks.growth

corpus: $(TEST_STAMP)  ## real workbooks, cell by cell, against what Excel shows of them
	PYTHONPATH=. $(BIN)/python tests/corpus/corpus.py

polluted: $(TEST_STAMP)  ## 1,000 polluted variants of the samples; none may be silently wrong
	PYTHONPATH=. $(BIN)/python tests/polluted/polluted.py --seeds 1000

hostile: $(TEST_STAMP)  ## what the refusal of each hostile file takes; fails beyond 2 s or 300 MiB
	PYTHONPATH=tests/hostile $(BIN)/python benchmarks/hostile.py

soak: $(TEST_STAMP)  ## 10,000 seeds of the simulation on all cores; a broken one prints how to replay it
	PYTHONPATH=. $(BIN)/python tests/simulation/soak.py --seeds 10000

soak-kills: $(TEST_STAMP)  ## 200 SIGKILLs at random in runs of 2,000 records, each gone on with
	$(BIN)/python -m benchmarks.soak_kills

every-write: $(TEST_STAMP)  ## a disk that fails at every single durable step
	EVERY_WRITE=1 $(BIN)/python -m pytest tests/e2e/test_every_write.py

sweep: $(TEST_STAMP)  ## a create that is cut at every byte, both ways
	WHOLE_SWEEP=1 $(BIN)/python -m pytest tests/contract/test_proxy.py -k f14_a_create

schemathesis: $(TEST_STAMP)  ## many made-up requests against the sandbox and its description
	CHEKT_SCHEMATHESIS_EXAMPLES=200 $(BIN)/python -m pytest -q tests/contract/test_schemathesis.py

lint: $(TEST_STAMP)  ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(TEST_STAMP)  ## types, tests too
	$(BIN)/mypy

arrows: $(TEST_STAMP)  ## imports between rooms go one way
	$(BIN)/lint-imports

lock: $(TEST_STAMP)  ## pin what CI installs, after a change of pyproject.toml
	$(BIN)/python tools/lock.py

lock-check: $(TEST_STAMP)  ## the lock fits pyproject.toml and names no host
	$(BIN)/python tools/lock.py --check

samples: $(TEST_STAMP)  ## make the samples anew that a script makes
	$(BIN)/python tools/make_samples.py

goldens: $(TEST_STAMP)  ## write the expected results of samples, screens and the table of codes anew; read the diff
	$(BIN)/python -m pytest tests/e2e/test_samples.py tests/unit/cli tests/unit/model --rewrite-goldens

wheel: $(TEST_STAMP)  ## build the wheel and run its demo in an empty environment
	rm -rf dist .wheel-venv
	$(BIN)/python -m build --wheel --no-isolation
	$(PYTHON) -m venv .wheel-venv
	.wheel-venv/bin/python -m pip install --quiet --require-hashes --only-binary :all: --requirement requirements.lock
	.wheel-venv/bin/python -m pip install --quiet --no-deps dist/*.whl
	cd .wheel-venv && bin/chekt-migrate demo --out demo-reports
	rm -rf .wheel-venv

clean:  ## remove what was installed and built
	rm -rf $(VENV) $(PEERS) .wheel-venv dist build .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/pyvenv.cfg:
	$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): $(VENV)/pyvenv.cfg requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --requirement requirements.lock
	@touch $@

$(TEST_STAMP): $(VENV)/pyvenv.cfg requirements-dev.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --requirement requirements-dev.lock
	@touch $@ $(RUN_STAMP)

$(PEERS_STAMP): benchmarks/requirements.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/$(notdir $(BIN))/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --requirement $<
	@touch $@
