# Everything a developer runs. Needs make, git and Python 3.11 or later; the rest goes into $(VENV).

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
DEMO_REPORT := build/demo/report.html

# ensurepip is in the test because some Linux distributions package it apart from Python.
IS_FIT := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if "$$name" -c '$(IS_FIT)' 2>/dev/null; then command -v "$$name"; break; fi; done)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Two recipes must never install into the same environment at once.
.NOTPARALLEL:

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "PYTHON=/path/to/python chooses the Python that $(VENV) is made with."

.PHONY: demo
demo: $(VENV)/.project ## Check the example trail and leave an HTML report
	@rm -f $(DEMO_REPORT) && mkdir -p $(dir $(DEMO_REPORT))
	@status=0; \
	$(BIN)/trailcheck check --config examples/trailcheck.yaml -o html=$(DEMO_REPORT) || status=$$?; \
	if [ "$$status" -gt 1 ]; then exit "$$status"; fi; \
	test -s $(DEMO_REPORT)
	@echo
	@echo "The example trail breaks rules on purpose: exit code 1 of trailcheck is expected here."
	@echo "HTML report: $(CURDIR)/$(DEMO_REPORT)"

.PHONY: test
test: $(VENV)/.test ## Run the whole test suite
	$(BIN)/pytest -n auto

.PHONY: cover
cover: $(VENV)/.test ## Run the suite with branch coverage; too little of it fails
	$(BIN)/pytest -n auto --cov

.PHONY: bench
bench: $(VENV)/.project ## Measure what a run costs, as ratios; BENCH_EVENTS sets the size
	$(BIN)/python -m benchmarks.run

FUZZ_SECONDS ?= 20
.PHONY: fuzz
fuzz: $(VENV)/.fuzz ## Fuzz the readers, each for FUZZ_SECONDS
	$(BIN)/python -m tests.fuzz.seed build/fuzz
	@for target in reader loader expression; do \
		$(BIN)/python -m tests.fuzz.fuzz_$$target -max_total_time=$(FUZZ_SECONDS) -timeout=10 \
			-print_final_stats=1 -verbosity=0 -artifact_prefix=build/fuzz/ build/fuzz/$$target \
			|| exit 1; \
	done

.PHONY: lint
lint: $(VENV)/.dev ## Check code style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: types
types: $(VENV)/.dev ## Check types
	$(BIN)/mypy

.PHONY: layers
layers: $(VENV)/.dev ## Check that each layer imports only from those below it
	$(BIN)/lint-imports

.PHONY: format
format: $(VENV)/.dev ## Format the code and fix what can be fixed
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

.PHONY: docs
docs: $(VENV)/.test ## Write the reference pages from the code
	$(BIN)/python -m docs.generate

SHARED ?= ../shared/trails
.PHONY: calibrate
calibrate: $(VENV)/.test ## Run the bundled rules over published logs in SHARED; write docs/calibration.md
	$(BIN)/python -m scripts.calibrate $(SHARED)

.PHONY: wheel
wheel: $(VENV)/.dev ## Build dist/*.tar.gz and, from that, dist/*.whl
	rm -rf dist
	$(BIN)/python -m build

.PHONY: clean
clean: ## Remove the environment and everything built
	rm -rf $(VENV) build dist .coverage htmlcov .hypothesis
	rm -rf .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.created:
	@"$(PYTHON)" -c '$(IS_FIT)' 2>/dev/null || { \
		echo "trailcheck needs Python 3.11 or later with its venv and ensurepip modules" \
			"(package python3-venv on Debian and Ubuntu)." >&2; \
		if [ -n "$(PYTHON)" ]; then echo "PYTHON is '$(PYTHON)', which is not fit." >&2; \
		else echo "None was found: install one, or name it: make PYTHON=/path/to/python" >&2; fi; \
		exit 1; }
	@echo "Making $(VENV) with $(PYTHON): once, for about a minute."
	"$(PYTHON)" -m venv --clear $(VENV)
	$(PIP) install --quiet --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/.project: $(VENV)/.created pyproject.toml
	$(PIP) install --quiet --editable .
	@touch $@

# google-re2 has no wheel for some platforms, such as musl: the suite must run there all the same.
$(VENV)/.test: $(VENV)/.project
	$(PIP) install --quiet --group test
	@$(PIP) install --quiet --only-binary google-re2 --editable '.[regex]' \
		|| echo "No google-re2 wheel for this platform: tests of regex() will be skipped."
	@touch $@

$(VENV)/.fuzz: $(VENV)/.test
	$(PIP) install --quiet --group fuzz
	@touch $@

$(VENV)/.dev: $(VENV)/.test
	$(PIP) install --quiet --group dev
	@touch $@
