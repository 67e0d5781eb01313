# Everything that one does with Afloat. The first target that needs it makes .venv from the hashed locks.
#
# RUNTIME, COMPOSE_PROJECT_NAME and every AFLOAT_* setting may stand in the environment or after the target:
#   make up RUNTIME=local AFLOAT_PORT=8081

PYTHON ?= python3
VENV := .venv
# The libraries that the patterns are measured against have an environment of their own.
BENCH_VENV := .venv-bench
RUN := $(VENV)/bin/python
STACK := $(RUN) -m stack

TARGET ?=
SERVICE ?= products
N ?=
FAULT ?=
SWITCH ?=
FORMAT ?= table
VOLUMES ?=
EXPERIMENT ?=
LAB_ARGS ?=
SECTIONS ?=
MEASURED ?=
PRICES ?=
PLOTS ?=
FOLDER ?=
FOLLOW ?=
JSON ?=
COMMIT ?= 1172a29
PYTEST_ARGS ?=
LOCK_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help up down status logs kill pause resume stop start scale roll fault faults clear-faults patterns
.PHONY: demo failover lab lab-all lab-report lab-undo model bench bench-dashboard bench-gateway bench-against bench-load bench-patterns
.PHONY: test test-swarm test-aws check lock offline-images

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' Makefile

up: $(VENV)/stack.stamp ## Start the stack and wait until it is ready (RUNTIME=docker|local|swarm forces one)
	@$(STACK) up

down: $(VENV)/stack.stamp ## Stop the stack and keep its data (VOLUMES=1 removes the data too)
	@$(STACK) down $(if $(VOLUMES),--volumes)

status: $(VENV)/stack.stamp ## Show every replica (FORMAT=json)
	@$(STACK) status --format "$(FORMAT)"

logs: $(VENV)/stack.stamp ## Print the ends of all logs (FOLLOW=1 goes on)
	@$(STACK) logs $(if $(FOLLOW),--follow)

kill: $(VENV)/stack.stamp ## SIGKILL a replica (TARGET=products-2)
	@$(STACK) kill "$(TARGET)"

pause: $(VENV)/stack.stamp ## Freeze a replica (TARGET=products-2)
	@$(STACK) pause "$(TARGET)"

resume: $(VENV)/stack.stamp ## Let a paused replica go on (TARGET=products-2)
	@$(STACK) resume "$(TARGET)"

stop: $(VENV)/stack.stamp ## Stop a replica gracefully (TARGET=products-2)
	@$(STACK) stop "$(TARGET)"

start: $(VENV)/stack.stamp ## Start a stopped or killed replica (TARGET=products-2)
	@$(STACK) start "$(TARGET)"

scale: $(VENV)/stack.stamp ## Change the number of replicas (SERVICE=products N=5)
	@$(STACK) scale "$(SERVICE)" "$(N)"

roll: $(VENV)/stack.stamp ## Restart the replicas one by one without a failed request (SERVICE=products)
	@$(STACK) roll "$(SERVICE)"

fault: $(VENV)/stack.stamp ## Put a fault into a service (TARGET=products-2 FAULT="latency delay_ms=3000 for_s=30")
	@$(STACK) fault "$(TARGET)" $(FAULT)

faults: $(VENV)/stack.stamp ## Show the faults that are on and when each ends (FORMAT=json)
	@$(STACK) faults --format "$(FORMAT)"

clear-faults: $(VENV)/stack.stamp ## End every fault (TARGET=products-2: those of one)
	@$(STACK) clear-faults "$(TARGET)"

patterns: $(VENV)/stack.stamp ## Show the gateways' patterns, or switch them (SWITCH="timeouts=off", SWITCH="all=on"; FORMAT=json)
	@$(STACK) patterns --format "$(FORMAT)" $(SWITCH)

demo: $(VENV)/stack.stamp ## Break the stack under load for 90 s and watch every request being answered
	@$(RUN) -m lab demo

failover: $(VENV)/stack.stamp ## Do every fault that must cost nothing, under load, and show a table
	@$(RUN) -m lab failover

# The report draws: what that needs is in a lock of its own, so that a stack starts without it.
lab: $(VENV)/lab.stamp ## Run the quick experiments, or one (EXPERIMENT=slow_products LAB_ARGS=--record)
	@$(RUN) -m lab run $(EXPERIMENT) $(LAB_ARGS)

lab-all: $(VENV)/lab.stamp ## Run all the experiments; what they find is in .afloat/reports
	@$(RUN) -m lab run --all $(LAB_ARGS)

lab-report: $(VENV)/lab.stamp ## Make the report of the last run again, or of one (FOLDER=.afloat/reports/...)
	@$(RUN) -m lab report $(FOLDER)

lab-undo: $(VENV)/stack.stamp ## Put right what a lab that was killed left broken
	@$(RUN) -m lab undo

model: $(VENV)/lab.stamp ## Compute what redundancy costs and buys, and what changes with scale (SECTIONS="zones retries" PRICES=file PLOTS=folder JSON=file)
	@$(RUN) -m lab.model $(SECTIONS) $(if $(MEASURED),--measured "$(MEASURED)") $(if $(PRICES),--prices "$(PRICES)") $(if $(JSON),--json "$(JSON)") $(if $(PLOTS),--plots "$(PLOTS)")

bench: $(VENV)/stack.stamp ## Measure the search beside a plain FastAPI + SQLAlchemy app, and latency, memory, start
	@$(RUN) -m lab bench

bench-dashboard: $(VENV)/stack.stamp ## Measure what the dashboard costs, and what open pages cost the gateway
	@$(RUN) -m lab.bench_dashboard $(if $(JSON),--json "$(JSON)")

# The proxy that it is measured against is written with httpx, which only the developing environment has.
bench-gateway: $(VENV)/dev.stamp ## Measure the gateway with and without its patterns, beside a plain httpx proxy
	@$(RUN) -m lab.bench_gateway $(if $(JSON),--json "$(JSON)")

bench-against: $(VENV)/stack.stamp ## Measure the search beside that of an earlier commit (COMMIT=1172a29); needs make up RUNTIME=local
	@$(RUN) -m lab.bench_against "$(COMMIT)"

bench-load: $(VENV)/stack.stamp ## Measure how punctual the load generator is while the server stalls for 3 s
	@$(RUN) -m lab bench-load

bench-patterns: ## Measure the patterns against other libraries (JSON=file writes the figures too)
	@$(MAKE) --silent --no-print-directory VENV=$(BENCH_VENV) $(BENCH_VENV)/bench.stamp
	@$(BENCH_VENV)/bin/python -m lab.bench_patterns $(if $(JSON),--json "$(JSON)")

# Those that break a running stack count what its visitors got: they have the machine to themselves.
test: $(VENV)/dev.stamp ## Run all the tests (PYTEST_ARGS="tests/lb -x": only those)
ifeq ($(strip $(PYTEST_ARGS)),)
	@$(RUN) -m pytest -n 2 --ignore tests/stack --ignore tests/swarm
	@$(RUN) -m pytest tests/stack
else
	@$(RUN) -m pytest $(PYTEST_ARGS)
endif

# Three Docker engines of its own, each in a network namespace: as root, beside an engine that answers.
test-swarm: $(VENV)/dev.stamp ## Test the stack on a swarm of three nodes, made on this machine (root, Docker)
	@$(RUN) -m pytest tests/swarm $(PYTEST_ARGS)

# An environment of its own, without what the other tests share: checkov pins a good deal of what the services use, an old
# botocore among it, which asks the time as Python 3.12 no longer likes. Two workers, since one does little but wait for
# the provider to look again.
test-aws: $(VENV)-aws/aws.stamp ## Test infra/aws; needs terraform (TF_PLUGIN_DIR: where its provider is)
	@$(VENV)-aws/bin/python -m pytest tests/aws --confcutdir=tests/aws -n 2 --dist loadfile -W ignore:datetime.datetime.utcnow:DeprecationWarning $(PYTEST_ARGS)

check: $(VENV)/dev.stamp ## Lint, check the format, the types and the imports
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy
	@$(VENV)/bin/lint-imports

# Compiled for every platform and Python from 3.11, with neither addresses nor index options in it.
COMPILE = $(RUN) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(LOCK_ARGS)

lock: $(VENV)/dev.stamp ## Write the locked requirements anew (LOCK_ARGS=--upgrade for newer versions)
	@$(COMPILE) pyproject.toml --output-file requirements/services.lock
	@$(COMPILE) pyproject.toml --extra stack --output-file requirements/stack.lock
	@$(COMPILE) pyproject.toml --extra stack --extra lab --output-file requirements/lab.lock
	@$(COMPILE) pyproject.toml --extra stack --extra lab --extra dev --output-file requirements/dev.lock
	@$(COMPILE) requirements/bench.in --output-file requirements/bench.lock
	@$(COMPILE) --group aws --output-file requirements/aws.lock

offline-images: ## Build stand-ins for the base images, where no image registry can be reached
	@infra/offline/build

define ENVIRONMENT
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Afloat needs Python 3.11 or later as $(PYTHON): say where one is, as in make PYTHON=python3.13 up" >&2; exit 1; }
	@$(@D)/bin/python -m pip --version >/dev/null 2>&1 || { \
		echo "Making $(@D)"; \
		$(PYTHON) -m venv --clear $(@D) || { \
			echo "Python has no venv module here: on Debian and Ubuntu, apt install python3-venv" >&2; exit 1; }; }
	@echo "Installing what requirements/$*.lock names"
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -r requirements/$*.lock
	@touch $@
endef

$(VENV)/%.stamp: requirements/%.lock
	$(ENVIRONMENT)

$(VENV)-aws/%.stamp: requirements/%.lock
	$(ENVIRONMENT)
