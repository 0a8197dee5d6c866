# Two commands do everything on a fresh machine with Python 3.11+, git and make: `make demo` and `make test`.
# Each line here is one step; what takes more than a line lies in tools/.

PYTHON ?= python3
VENV := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help demo test check bench chaos dev rows api screens setup format lock clean

help: ## Show what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup ## Run Handrail with invented people; PORT=8000 changes the port
	@exec $(VENV)/handrail demo

test: setup ## Run every test (the browser ones too), then see that each listed row is shown
	@$(VENV)/python -m tools.chromium
	@$(VENV)/python -m tools.test $(ARGS)
	@$(VENV)/python -m tools.rows --check

check: setup ## Lint, types, layers, protocols, migrations, staff app: everything short of tests
	@$(VENV)/python -m tools.check

bench: setup ## Measure against the bars; writes bench/results/latest.json
	@$(VENV)/python -m bench

chaos: setup ## Kill everything 200 times while chains run; takes an hour
	@$(VENV)/python -m bench.chaos

dev: setup ## The demo, with the staff app reloading as you edit it
	@$(VENV)/python -m tools.dev

rows: ## Which requirement rows the last tests showed; JSON=1 for a list
	@$(PYTHON) tools/rows.py $(if $(JSON),--json,--table)

api: setup ## Write the staff app's API client anew from the program's own description
	@$(VENV)/python -m tools.api_client

setup: ## Install the locked requirements and build the staff app, if that is not fresh
	@$(PYTHON) tools/setup.py python staff-app

screens: setup ## Take the pictures in docs/screens anew, of the product itself
	@$(VENV)/python -m tools.screens

format: setup ## Put the code into its one shape
	@$(VENV)/ruff check --fix --quiet . ; $(VENV)/ruff format --quiet .
	@$(VENV)/python -m tools.npm run format

lock: ## Choose versions anew (needs uv) and write both locks
	@$(PYTHON) tools/lock.py

clean: ## Remove what was built and installed here; the demo's data stays
	rm -rf .venv frontend/node_modules frontend/dist .rows.json .mypy_cache .ruff_cache .pytest_cache
