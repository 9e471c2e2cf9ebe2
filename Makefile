# Two commands do nearly everything: `make run` and `make test`. `make help` lists the rest.
# A machine needs Python 3.11 or newer, make, and nothing else.

VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.ready-run
DEV_READY := $(VENV)/.ready-dev
PYTHONS := python3.13 python3.12 python3.11 python3 python
SEED ?= 1
COUNT ?= 50
PEERS := .venv-peers
ARGS ?=

INSTALL := $(BIN)/python -m pip install -qq --no-input --disable-pip-version-check --require-hashes --no-deps -r
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-annotate

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test lint bench peers faults lock clean

help: ## この一覧を出します。 Shows this list.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: $(RUN_READY) ## 窓口を動かします。 Starts the desk: the practice workspace, or Slack when .env has tokens.
	@exec $(BIN)/python -m bot run $(ARGS)

test: $(DEV_READY) ## 試験をすべて行います。 Runs all tests; ARGS="tests/rules -q" picks some.
	@if [ -n "$(ARGS)" ]; then exec $(BIN)/python -m pytest $(ARGS); fi; \
	$(BIN)/python -m pytest -q -n 3 --dist loadfile --ignore=tests/faults --ignore=tests/browser && \
	exec $(BIN)/python -m pytest -q -n 2 --dist loadfile tests/faults tests/browser

lint: $(DEV_READY) ## 書き方を調べます。 Checks style, types, and what may import what.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(DEV_READY) ## 速さを測ります。 Writes the table of measured speeds.
	@exec $(BIN)/python -m tests.bench $(ARGS)

peers: $(PEERS)/.ready ## ほかの匿名化のしくみを入れます。 Installs what `make bench` compares the anonymizer with.

faults: $(DEV_READY) ## 障害を起こして確かめます。 Kills, faults and races, as many as you like: SEED=1 COUNT=50.
	@exec $(BIN)/python -m tests.faults --seed $(SEED) --count $(COUNT) $(ARGS)

# uv does not read pip's settings, so the index and the certificates are handed over. Extra indexes and folders of wheels
# are not: they hold a few files of a release, and a lock needs the hashes of all.
lock: $(DEV_READY) ## 部品の版を決め直します。 Writes both lock files; ARGS=--upgrade takes newer releases.
	@pip_says() { $(BIN)/python -m pip config list | sed -n "s/^[a-z:]*\.$$1='\(.*\)'$$/\1/p" | sed -n '$$p'; }; \
	give() { value=$$(pip_says "$$2"); [ -z "$$value" ] || export "$$1=$$value"; }; \
	give UV_DEFAULT_INDEX index-url; give SSL_CERT_FILE cert; \
	$(COMPILE) $(ARGS) -o requirements.lock >/dev/null && \
	$(COMPILE) $(ARGS) --extra dev -c requirements.lock -o requirements-dev.lock >/dev/null

clean: ## 仮想環境を消します。 Removes the virtual environment and the caches, never any data.
	rm -rf $(VENV) $(PEERS) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(RUN_READY): $(BIN)/python requirements.lock
	@echo "必要なものをそろえています。はじめてのときは1分ほどかかります。 / Installing what is needed."
	@$(INSTALL) requirements.lock || { $(SAY_NOT_INSTALLED); exit 1; }
	@touch $@

$(DEV_READY): $(BIN)/python requirements-dev.lock
	@echo "開発に必要なものをそろえています。はじめてのときは1分ほどかかります。 / Installing what development needs."
	@$(INSTALL) requirements-dev.lock || { $(SAY_NOT_INSTALLED); exit 1; }
	@touch $@

$(PEERS)/.ready: tests/bench/peers/requirements.lock | $(BIN)/python
	@echo "くらべる相手をそろえています。大きいので、数分かかります。 / Installing the peers."
	@$(BIN)/python -m venv --clear $(PEERS)
	@$(PEERS)/bin/python -m pip install -qq --no-input --disable-pip-version-check --require-hashes --no-deps -r $< || \
	  { $(SAY_NOT_INSTALLED); exit 1; }
	@touch $@

# The first Python that is new enough and can make virtual environments. Made anew when its Python has gone.
$(BIN)/python:
	@chosen=; enough=; \
	for python in $(PYTHON) $(PYTHONS); do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
	  enough=$$python; \
	  "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1 || continue; \
	  chosen=$$python; break; \
	done; \
	if [ -z "$$enough" ]; then $(SAY_NO_PYTHON); exit 1; fi; \
	if [ -z "$$chosen" ]; then $(SAY_NO_VENV); exit 1; fi; \
	"$$chosen" -m venv --clear $(VENV)

SAY_NO_PYTHON = { \
  echo "Python 3.11 以上が見つかりませんでした。入れてから、もう一度お試しください。"; \
  echo "Python 3.11 or newer was not found. Please install it, then try again."; } >&2
SAY_NO_VENV = { \
  echo "$$enough に venv(ensurepip)がありません。Debian や Ubuntu では「apt-get install python3-venv」で入ります。そのあと、もう一度お試しください。"; \
  echo "$$enough cannot make virtual environments: ensurepip is missing. On Debian or Ubuntu, install python3-venv, then try again."; } >&2
SAY_NOT_INSTALLED = { \
  echo "必要なものをそろえられませんでした。上の記録とネットワークを確かめて、もう一度お試しください。"; \
  echo "Installing did not finish. Please look at the lines above and at the network, then try again."; } >&2
