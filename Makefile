# Targets for developers; `make` lists them. Everything else is the command `chartlake`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SNOW_VENV := .venv-snow
INSTALL = $(BIN)/pip install -q --disable-pip-version-check --no-compile
MOVED := report sql warehouse athena athena-views athena-remote backfill doctor consent import-charts prune \
  verify-trends snowflake-plan snowflake-deploy snowflake-prune snowflake-smoke reconcile status synth diff \
  deploy destroy bootstrap run data-dictionary

.DEFAULT_GOAL := help
.PHONY: help demo test test-faults test-wheel check audit bench build format render lock clean setup setup-aws setup-dev $(MOVED)

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /|/' | awk -F'|' '{printf "  %-12s %s\n", $$1, $$2}'

demo: setup ## run the whole pipeline over a month of charts
	@$(BIN)/chartlake demo

test: setup-dev ## run all tests
	$(BIN)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder

test-faults: setup-dev ## inject faults and fuzz inputs; CASES=12000 of each kind
	CHARTLAKE_CASES=$(or $(CASES),12000) $(BIN)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder -m faults

test-wheel: setup-dev ## build the wheel, install it in an empty environment and run it there
	$(BIN)/python -m tools.try_wheel

check: setup-dev ## lint and type-check Python and SQL; look for phrases, secrets, licences and vulnerabilities
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy bench chartlake extract_lambda glue_jobs infra tests tools
	$(BIN)/sqlfluff lint -q snowflake athena
	$(BIN)/python -m tools.find_phrases
	$(BIN)/python -m tools.find_secrets
	$(BIN)/pip-licenses > /dev/null
	$(BIN)/pip-licenses --python=$(SNOW_VENV)/bin/python > /dev/null
	$(BIN)/python -m tools.audit --where-reachable

audit: setup-dev ## list locked packages with a known vulnerability; fails if the databases cannot be reached
	@$(BIN)/python -m tools.audit

bench: setup-dev build ## measure on this machine; BENCH="daily month" selects of import, daily, month, history, trends, cores, trends-large, load; FULL=1 adds the last two
	@$(BIN)/python -m bench $(if $(FULL),--full) $(BENCH)

build: setup-aws ## build the zips that AWS runs, into build/
	@$(BIN)/python -m tools.build_zips

format: setup-dev ## format Python and SQL
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/sqlfluff fix -q snowflake athena

render: setup-dev ## write what is generated: SQL of both engines, data dictionary, table of faults
	@$(BIN)/python -m tools.render_sql
	@$(BIN)/python -m tools.data_dictionary
	@$(BIN)/python -m tools.reliability_table

lock: setup-dev ## resolve the requirements again and lock them with hashes
	for name in build java lambda report infra demo dev snow; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	    --custom-compile-command "make lock" requirements/$$name.in --output-file requirements/$$name.txt || exit 1; \
	done

clean: ## remove what demos left (lake/)
	rm -rf lake

setup: $(VENV)/demo.installed $(VENV)/java.installed $(VENV)/chartlake.installed ## install the command into .venv

setup-aws: setup $(VENV)/infra.installed ## install what `chartlake aws` needs to deploy

setup-dev: $(VENV)/dev.installed $(VENV)/java.installed $(VENV)/chartlake.installed $(SNOW_VENV)/snow.installed ## install everything that tests and checks need

$(MOVED):
	@$(PYTHON) -m tools.moved_target $@

# Modules are not compiled ahead: it takes as long as the rest, and most are never imported.
# pyspark is a source package: what builds it is locked too, so nothing unpinned runs.
$(VENV)/build.installed: requirements/build.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	@echo "Setting up $(VENV) once. This takes some minutes, mostly to download Spark."
	@$(PYTHON) -m venv $(VENV)
	@$(INSTALL) --require-hashes -r $<
	@touch $@

$(VENV)/%.installed: requirements/%.txt $(VENV)/build.installed
	@$(INSTALL) --no-build-isolation --require-hashes -r $<
	@touch $@

$(VENV)/chartlake.installed: pyproject.toml $(VENV)/build.installed
	@$(INSTALL) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/java.installed: requirements/java.txt $(VENV)/chartlake.installed
	@$(BIN)/python -m chartlake.spark.java >/dev/null 2>&1 || $(INSTALL) --require-hashes -r $<
	@touch $@

# The vendor's command line pins another connector than ours: it has an environment of its own.
$(SNOW_VENV)/snow.installed: requirements/snow.txt $(VENV)/build.installed
	@$(PYTHON) -m venv $(SNOW_VENV)
	@$(SNOW_VENV)/bin/pip install -q --disable-pip-version-check --no-compile --only-binary :all: --require-hashes -r $<
	@touch $@
