# Everything that one does with Afloat. The first target that needs it makes .venv from the hashed locks.
#
# RUNTIME, COMPOSE_PROJECT_NAME and every AFLOAT_* setting may stand in the environment or after the target:
#   make up RUNTIME=local AFLOAT_PORT=8081

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
STACK := $(RUN) -m stack

TARGET ?=
SERVICE ?= products
N ?=
FORMAT ?= table
VOLUMES ?=
FOLLOW ?=
PYTEST_ARGS ?=
LOCK_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help up down status logs kill pause resume stop start scale roll demo failover bench test check lock offline-images

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' Makefile

up: $(VENV)/stack.stamp ## Start the stack and wait until it is ready (RUNTIME=docker|local forces one)
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

demo: $(VENV)/stack.stamp ## Break the stack under load for 90 s and watch every request being answered
	@$(RUN) -m lab demo

failover: $(VENV)/stack.stamp ## Do every fault that must cost nothing, under load, and show a table
	@$(RUN) -m lab failover

bench: $(VENV)/stack.stamp ## Measure the stack against PostgreSQL itself
	@$(RUN) -m lab bench

test: $(VENV)/dev.stamp ## Run all the tests (PYTEST_ARGS="tests/lb -x")
	@$(RUN) -m pytest $(PYTEST_ARGS)

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
	@$(COMPILE) pyproject.toml --extra stack --extra dev --output-file requirements/dev.lock

offline-images: ## Build stand-ins for the base images, where no image registry can be reached
	@infra/offline/build

$(VENV)/%.stamp: requirements/%.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Afloat needs Python 3.11 or later as $(PYTHON): say where one is, as in make PYTHON=python3.13 up" >&2; exit 1; }
	@$(RUN) -m pip --version >/dev/null 2>&1 || { \
		echo "Making $(VENV)"; \
		$(PYTHON) -m venv --clear $(VENV) || { \
			echo "Python has no venv module here: on Debian and Ubuntu, apt install python3-venv" >&2; exit 1; }; }
	@echo "Installing what requirements/$*.lock names"
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -r requirements/$*.lock
	@touch $@
