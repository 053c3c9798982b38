# Commands for a fresh machine: `make demo`, `make demo-serve` and `make test`. They make .venv when it is missing.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A process for each core, but each takes up to 330 MB; an idle one takes tests from the others.
PARALLEL := -n auto --maxprocesses 8 --dist worksteal

# The hot loops in C, which pip compiles where it can.
NATIVE := $(wildcard indexer/core/native/*.[ch] indexer/core/native/*/*.[ch])

# pip compiles what it installs, but not a source folder. Compiling at each start is half of a cold search, so bytecode
# is written here even where the environment says not to; Python ignores it once a source has changed.
unexport PYTHONDONTWRITEBYTECODE
COMPILE := python -m compileall -q cli.py indexer podseek search

.PHONY: demo demo-serve test check messages test-opensearch test-opensearch3 test-elasticsearch \
  test-opensearch-security test-whoosh clean

demo: export PODSEEK_INDEX = $(VENV)/demo-index
demo: $(VENV)/installed
	$(BIN)/$(COMPILE)
	$(BIN)/podseek index corpus
	$(BIN)/podseek search 强化学习 奖励
	$(BIN)/podseek search '"机器听写"'

# The web page with sound: a copy of the sample corpus, with audio made on the spot (by espeak-ng if installed).
demo-serve: export PODSEEK_INDEX = $(VENV)/demo/index
demo-serve: $(VENV)/installed
	mkdir -p $(VENV)/demo
	cp -R corpus $(VENV)/demo/
	$(BIN)/podseek index $(VENV)/demo/corpus
	PYTHONPATH=. $(BIN)/python bench/make_sound.py $(VENV)/demo/index
	$(BIN)/podseek serve --open

test: $(VENV)/installed
	$(BIN)/$(COMPILE)
	$(BIN)/python -m pytest $(PARALLEL)

check: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Brings the catalogue of translations up to date with the source, and lists what has to be translated.
messages: $(VENV)/installed
	PYTHONPATH=.:tests $(BIN)/python tests/project/test_messages.py --write

# A library in a real OpenSearch cluster of three nodes: needs Java 17 and Maven, 3 GB of memory and some minutes.
test-opensearch: $(VENV)/installed
	$(BIN)/python -m pytest -p no:cacheprovider tests/opensearch/real_search.py tests/opensearch/real_cluster.py

# The same with OpenSearch 3.9.0, which needs Java 21 or later.
test-opensearch3: $(VENV)/installed
	PODSEEK_ENGINE=opensearch3 $(MAKE) test-opensearch

# The same with Elasticsearch 7.10.2.
test-elasticsearch: $(VENV)/installed
	PODSEEK_ENGINE=elasticsearch $(MAKE) test-opensearch

# TLS, users and rights with the security plugin of OpenSearch; needs openssl, too.
test-opensearch-security: $(VENV)/installed
	$(BIN)/python -m pytest -p no:cacheprovider tests/opensearch/real_security.py

# The same tests against Whoosh 2.7.4 of 2016, which whoosh3 must stay exchangeable with.
test-whoosh: $(VENV)-whoosh/installed
	$(VENV)-whoosh/bin/python -m pytest $(PARALLEL)

$(VENV)/installed: setup.cfg setup.py pyproject.toml $(NATIVE)
	@echo 'Installing podseek, and what its tests need, into $(VENV): this takes some minutes'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	$(BIN)/$(COMPILE)
	touch $@

$(VENV)-whoosh/installed: setup.cfg setup.py pyproject.toml $(NATIVE)
	test -x $(VENV)-whoosh/bin/python || $(PYTHON) -m venv $(VENV)-whoosh
	$(VENV)-whoosh/bin/python -m pip install --quiet --editable '.[dev]'
	$(VENV)-whoosh/bin/python -m pip uninstall --quiet --yes whoosh3
	$(VENV)-whoosh/bin/python -m pip install --quiet whoosh==2.7.4
	touch $@

clean:
	rm -rf $(VENV) $(VENV)-whoosh build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
