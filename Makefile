# `make` alone lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SNOW_VENV := .venv-snow
CDK = $(BIN)/python -m infra.cdk
# Not from the environment, where ENV names a file of the shell.
ENV = dev
REPLAY ?=
OPTIONS ?=
SOURCE = warehouse
# A value typed to make -> one word of a shell command, whatever is in it.
one = '$(subst ','\'',$(1))'
LAKE ?= $(if $(REPLAY),lake/replay-$(notdir $(patsubst %/,%,$(REPLAY))),lake/demo)

.DEFAULT_GOAL := help
.PHONY: help demo report sql warehouse athena athena-views athena-remote backfill doctor consent import-charts test test-faults check audit bench format build setup setup-dev data-dictionary lock clean prune verify-trends snowflake-plan snowflake-deploy snowflake-prune snowflake-smoke reconcile status synth diff deploy destroy bootstrap run

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /|/' | awk -F'|' '{printf "  %-16s %s\n", $$1, $$2}'

demo: setup ## run the whole pipeline over a month of charts; REPLAY=folder runs recorded days
	@$(BIN)/python -m chartlake.demo.run --lake $(call one,$(LAKE)) $(if $(REPLAY),--replay $(call one,$(REPLAY)))

report: setup $(if $(filter athena,$(SOURCE)),$(VENV)/athena.installed) ## write one page that shows the charts: LAKE=folder, or SOURCE=athena or snowflake ENV=dev
	@$(BIN)/python -m chartlake.report $(call one,$(SOURCE)) $(if $(filter athena snowflake,$(SOURCE)),$(call one,$(ENV)) --to $(call one,build/report-$(ENV).html),$(call one,$(LAKE)) --to $(call one,$(LAKE)/report.html))

sql: setup ## open a prompt on the warehouse that a demo left, or run a file: Q=snowflake/worksheets/climbers.sql LAKE=folder
	@$(BIN)/python -m chartlake.warehouse.prompt --warehouse $(call one,$(LAKE)/warehouse) $(if $(Q),--file $(call one,$(Q)))

warehouse: setup ## serve that warehouse to snow sql, DBeaver and connectors on this machine; LAKE=folder PORT=8484
	@$(BIN)/python -m chartlake.warehouse.server --lake $(call one,$(LAKE)) $(if $(PORT),--port $(call one,$(PORT)))

athena: setup ## ask a lake as Athena would: Q=athena/queries/climbers.sql LAKE=folder; without Q, list the questions
	@$(BIN)/python -m chartlake.athena.stand_in.ask --lake $(call one,$(LAKE)) $(if $(Q),$(call one,$(Q)))

athena-views: $(VENV)/athena.installed ## make the views of athena/ on AWS, safe to repeat; ENV=dev
	@$(BIN)/python -m chartlake.athena.deploy $(call one,$(ENV))

athena-remote: $(VENV)/athena.installed ## ask Athena on AWS: Q=athena/queries/climbers.sql ENV=dev
	@$(BIN)/python -m chartlake.athena.ask $(call one,$(ENV)) $(if $(Q),$(call one,$(Q)))

# FILES and RAW reach the command through its environment: a name may hold blanks and brackets.
import-charts: $(VENV)/lambda.installed ## import files from charts.spotify.com; FILES="files or patterns" RAW=s3://bucket
	@$(BIN)/python -m extract_lambda.import_charts $(if $(RAW),--raw-root "$$RAW") $(if $(AGAIN),--again) -- "$$FILES"

verify-trends: setup ## hold our trends against official chart files; FILES="files or patterns"
	@$(BIN)/python -m chartlake.spark.submit --large glue_jobs.verify.verify_trends --files "$$FILES"

backfill: setup ## build the tables of years in one run; FROM=2017-01-01 TO=2026-10-31 RAW=folder LAKE=folder
	@test -n $(call one,$(FROM)) -a -n $(call one,$(TO)) || { echo 'Name the first and the last day: make backfill FROM=2017-01-01 TO=2017-12-31'; exit 2; }
	@mkdir -p $(call one,$(or $(RAW),$(LAKE)/chartlake-raw)) $(call one,$(LAKE)/chartlake-curated)
	@$(BIN)/python -m chartlake.spark.submit --large --mount $(call one,chartlake-raw=$(or $(RAW),$(LAKE)/chartlake-raw)) \
	  --mount $(call one,chartlake-curated=$(LAKE)/chartlake-curated) glue_jobs.build_tables --raw-root s3://chartlake-raw \
	  --curated-root s3://chartlake-curated $(if $(CHARTS),--charts-file "$$CHARTS") --start-date $(call one,$(FROM)) --end-date $(call one,$(TO))

doctor: setup ## say what keeps the charts from being captured with these settings, and what to do
	@$(BIN)/python -m chartlake.spotify.doctor

consent: setup ## let a user log in to Spotify, for charts with login = "user"; prints the refresh token
	@$(BIN)/python -m chartlake.spotify.consent

prune: setup ## list what LAKE=folder holds of replaced and dead runs; OPTIONS=--delete removes it
	@$(BIN)/python -m chartlake.spark.submit --mount $(call one,chartlake-curated=$(LAKE)/chartlake-curated) glue_jobs.prune_runs --curated-root s3://chartlake-curated $(OPTIONS)

snowflake-plan: setup ## print the SQL of snowflake/ as it would be deployed; ENV=dev, no account needed
	@$(BIN)/python -m chartlake.snowflake.plan $(call one,$(ENV))

snowflake-deploy: setup $(SNOW_VENV)/snow.installed ## apply snowflake/ to an account, safe to repeat; ENV=dev OPTIONS="--only database"
	@$(BIN)/python -m chartlake.snowflake.deploy $(call one,$(ENV)) $(OPTIONS)

reconcile: setup ## say which files Snowflake lacks, and why; ENV=dev, or LAKE=folder for a demo's warehouse; OPTIONS=--refresh loads them
	@$(BIN)/python -m $(if $(filter command,$(origin LAKE)),chartlake.warehouse.reconcile --lake $(call one,$(LAKE)),chartlake.snowflake.reconcile $(call one,$(ENV))) $(OPTIONS)

# It asks this machine, or AWS where ENV is given. RAW is a folder here, and may hold blanks.
ON_AWS = $(filter command,$(origin ENV))
status: setup $(if $(ON_AWS),$(VENV)/athena.installed $(VENV)/infra.installed) ## where each chart stands, and what to do: LAKE=folder, or ENV=dev; DAYS=7 CHART=top50_global
	@$(BIN)/python -m $(if $(ON_AWS),chartlake.status.on_aws $(call one,$(ENV)),chartlake.status.on_this_machine --lake $(call one,$(LAKE)) $(if $(RAW),--raw "$$RAW")) \
	  $(if $(DAYS),--days $(call one,$(DAYS))) $(if $(CHART),--chart $(call one,$(CHART)))

snowflake-prune: setup ## list what Snowflake holds of replaced runs; ENV=dev OPTIONS=--delete removes it
	@$(BIN)/python -m chartlake.snowflake.prune $(call one,$(ENV)) $(OPTIONS)

snowflake-smoke: setup $(SNOW_VENV)/snow.installed ## try snowflake/ on a real account: a database for minutes, three days, every view; ENV=dev
	@$(BIN)/python -m chartlake.snowflake.smoke $(call one,$(ENV))

test: setup-dev ## run all tests
	$(BIN)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder

test-faults: setup-dev ## break what can break, and fuzz what is read; CASES=12000 of each kind
	CHARTLAKE_CASES=$(or $(CASES),12000) $(BIN)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder -m faults

check: setup-dev ## lint and type-check Python and SQL; look for secrets, vulnerable packages and licences
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy bench chartlake extract_lambda glue_jobs infra tests tools
	$(BIN)/sqlfluff lint -q snowflake athena
	$(BIN)/python -m tools.find_secrets
	$(BIN)/python -m tools.licences
	$(BIN)/python -m tools.audit --where-reachable

audit: setup-dev ## ask OSV's database and npm's which locked packages have a known vulnerability; fails where it cannot
	@$(BIN)/python -m tools.audit

build: $(VENV)/infra.installed $(VENV)/demo.installed ## make the zips that AWS runs, into build/
	@$(BIN)/python -m tools.build_zips

synth: build ## write what would be deployed to build/cdk-dev; ENV=dev names infra/environments/dev.toml
	@$(BIN)/python -m infra.app $(call one,$(ENV)) $(call one,build/cdk-$(ENV))

diff: synth ## say what a deployment of ENV=dev would change on AWS
	@$(CDK) diff --app $(call one,build/cdk-$(ENV)) $(OPTIONS)

deploy: build ## deploy ENV=dev to AWS; docs/deploy.md begins before that
	@$(BIN)/python -m infra.app $(call one,$(ENV)) $(call one,build/cdk-$(ENV)) --to-deploy
	@$(CDK) deploy --app $(call one,build/cdk-$(ENV)) --all $(OPTIONS)

destroy: synth ## take down what runs of ENV=dev; its data stay
	@$(CDK) destroy --app $(call one,build/cdk-$(ENV)) --exclusively $(call one,chartlake-$(ENV)-pipeline) $(OPTIONS)

bootstrap: $(VENV)/infra.installed ## prepare an AWS account and region for deployments, once
	@$(CDK) bootstrap

run: $(VENV)/infra.installed ## build tables on AWS; ENV=dev DATE=2026-11-20, or FROM= and TO=; BACKFILL=1 for years
	@test -n $(call one,$(DATE)$(FROM)) || { echo 'Name a day: make run ENV=dev DATE=2026-11-20, or FROM=… TO=…'; exit 2; }
	@$(BIN)/python -m infra.run $(call one,$(ENV)) $(if $(DATE),$(call one,$(DATE)),$(call one,$(FROM)) $(if $(TO),$(call one,$(TO)))) $(if $(BACKFILL),--backfill)

bench: setup-dev build ## measure on this machine; BENCH="daily month" names some of import, daily, month, history, trends, cores, trends-large, load; FULL=1 adds the last two
	@$(BIN)/python -m bench $(if $(FULL),--full) $(BENCH)

format: setup-dev ## format Python and SQL
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/sqlfluff fix -q snowflake athena

data-dictionary: ## write docs/data-dictionary.md from the contract
	$(PYTHON) -m tools.data_dictionary

lock: setup-dev ## resolve the requirements again and lock them with hashes
	for name in build java lambda report infra athena demo dev snow; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	    --custom-compile-command "make lock" requirements/$$name.in --output-file requirements/$$name.txt || exit 1; \
	done

clean: ## remove what demos left (lake/); the next one starts afresh
	rm -rf lake

setup: $(VENV)/demo.installed $(VENV)/java.installed

setup-dev: $(VENV)/dev.installed $(VENV)/java.installed $(SNOW_VENV)/snow.installed

# Nothing is compiled ahead: that takes as long as the rest of the installation, for modules most of
# which are never imported.
# pyspark is a source package: what builds it is locked too, so nothing unpinned runs.
$(VENV)/build.installed: requirements/build.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 …")'
	@echo "Setting up $(VENV): once, some minutes, mostly to download Spark."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install -q --disable-pip-version-check --no-compile --require-hashes -r $<
	@touch $@

$(VENV)/%.installed: requirements/%.txt $(VENV)/build.installed
	@$(BIN)/pip install -q --disable-pip-version-check --no-compile --no-build-isolation --require-hashes -r $<
	@touch $@

$(VENV)/java.installed: requirements/java.txt $(VENV)/build.installed
	@$(BIN)/python -m chartlake.spark.java >/dev/null 2>&1 || $(BIN)/pip install -q --disable-pip-version-check --no-compile --require-hashes -r $<
	@touch $@

# The vendor's command line pins another connector than ours: an environment of its own.
$(SNOW_VENV)/snow.installed: requirements/snow.txt $(VENV)/build.installed
	@$(PYTHON) -m venv $(SNOW_VENV)
	@$(SNOW_VENV)/bin/pip install -q --disable-pip-version-check --no-compile --only-binary :all: --require-hashes -r $<
	@touch $@
