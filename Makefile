# Everything starts here; each target brings along what it needs. `make help` lists them.

PYTHON := $(shell ./tools/find-python)
BIN := .venv/bin
SOURCES := app.py chalicelib sandbox tools tests

.DEFAULT_GOAL := help
.PHONY: help demo up down test test-fast test-tables simulate bench lint format package deploy \
        catalogues clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: .venv/.complete .venv-aws/.complete  ## play a day, from the AppCenter to Asperion's invoice list
	$(BIN)/python -m tools.demo

up: .venv/.complete .venv-aws/.complete  ## local AWS and the app on it; see .local/stack.json
	$(BIN)/python -m tools.local up

down: .venv/.complete  ## stop all that demo and up started
	$(BIN)/python -m tools.demo stop
	$(BIN)/python -m tools.local down

test-fast: .venv/.complete catalogues  ## heart and edges, under a minute
	$(BIN)/pytest -m "not stack and not browser and not slow" tests/unit tests/edge tests/books

WORKERS ?= 3
test: .venv/.complete .venv-aws/.complete catalogues  ## everything: stack, browser and simulation too
	./tools/ensure-chromium
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

test-tables: .venv/.complete  ## the tables' tests against ENDPOINT=http://…, such as DynamoDB Local
	TABLES_ENDPOINT=$(ENDPOINT) $(BIN)/pytest tests/tables

SCHEDULES ?= 1000000
simulate: .venv/.complete catalogues  ## the export's simulation, SCHEDULES=1000000 of them
	$(BIN)/python -m tests.simulation --schedules $(SCHEDULES)

bench: .venv/.complete catalogues  ## speed, as ratios side by side
	$(BIN)/python -m tools.bench

lint: .venv/.complete catalogues  ## ruff, mypy --strict, import contracts, templates, CloudFormation
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tools.check_templates

format: .venv/.complete  ## let ruff mend what it can
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

package: .venv/.complete  ## the deployable build, in build/prod
	$(BIN)/python -m tools.build --stage prod
	$(BIN)/cfn-lint build/prod/sam.yaml

STACK ?= seoshop-asperion
deploy: .venv/.complete  ## to AWS: make deploy BUCKET=… ASPERION_INBOX_URL=…
	$(BIN)/python -m tools.preflight --stack $(STACK) --bucket "$(BUCKET)"
	$(MAKE) package
	$(BIN)/python -m tools.deploy --stage prod --stack $(STACK) --bucket "$(BUCKET)"

catalogues: .venv/.complete
	@$(BIN)/python -c "from tools.build import compile_catalogues; compile_catalogues()"

clean: down  ## remove all that was built or installed here
	rm -rf build .local .venv .venv-aws .mypy_cache .ruff_cache .hypothesis .chalice/deployed .chalice/deployments

.venv/.complete: requirements.txt requirements-dev.txt
	./tools/ensure-venv $(PYTHON) .venv requirements-dev.txt

.venv-aws/.complete: requirements-aws.txt
	./tools/ensure-venv $(PYTHON) .venv-aws requirements-aws.txt
