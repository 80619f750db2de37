# Everything a contributor runs. `make demo` and `make test` each work alone on a fresh clone.
# Written for the make that macOS ships (GNU make 3.81) as well as for newer ones.

VENV := .venv
PY   := $(VENV)/bin/python
WINNOW := $(VENV)/bin/winnow
# The machine's certificates, as for pip: a company's own index or proxy is trusted by both or by neither.
UV   := $(PY) -m uv --no-config --quiet --system-certs
# Many containers forbid Python to keep its byte-code: each command, and each of those that tests start, would compile all
# packages anew.
unexport PYTHONDONTWRITEBYTECODE
# What a lock says must not depend on the settings of whoever makes it.
LOCK := env -u UV_INDEX -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS -u UV_CONSTRAINT -u UV_OVERRIDE \
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-header $(UPGRADE)
DEMO := build/demo

# A lock that says the same as before keeps its date, so that nothing is installed again.
define relock
	@mkdir -p build && cp requirements/$(1) build/$(1)
	@$(LOCK) $(2) --output-file build/$(1)
	@cmp -s build/$(1) requirements/$(1) || cp build/$(1) requirements/$(1)
endef

.DEFAULT_GOAL := help
.PHONY: help demo test setup check format docs words golden bench bench-gate prove mutate lock upgrade clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup ## screen three months of made-up leads and show what was found; then serve them: to curl, and to you
	@mkdir -p $(DEMO)
	@$(WINNOW) demo make --output $(DEMO)/leads.csv --customers $(DEMO)/customers.txt
	@$(WINNOW) screen $(DEMO)/leads.csv --customers $(DEMO)/customers.txt --output $(DEMO)/decisions.csv --restart
	@$(WINNOW) explain $(DEMO)/leads.csv --customers $(DEMO)/customers.txt --id demo-0004692
	@if command -v curl >/dev/null; then sh scripts/demo-service.sh $(WINNOW) $(PY) $(DEMO); fi
	@if [ -t 1 ] && [ -z "$$CI" ]; then echo && exec $(WINNOW) serve --demo --open --data $(DEMO); \
	else printf '\nSee it in the browser: %s\n' "$(WINNOW) serve --demo --open --data $(DEMO)"; fi

# Watching branches doubles what tests cost, so the core's own tests are watched, and these alone must take them all. Files
# run in their order: by the number of tests, the few long ones of the browser would come last, with one process idle.
test: setup ## run the tests, two files at a time; tests/core must take every branch of winnow.core
	@$(PY) -m pytest tests/core --cov --cov-report=term -n 2 --dist loadfile
	@$(PY) -m pytest --ignore=tests/core -n 2 --dist loadfile --no-loadscope-reorder

setup: $(VENV)/.ready ## make or refresh .venv from the hashed locks; instant when nothing changed

check: setup ## style, types and architecture, as CI checks them
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports --no-logo

format: setup ## put files into the shape `make check` wants
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

docs: setup ## write the pages of docs/ that are made from the code
	@$(PY) scripts/write_docs.py

words: setup ## bring the catalogues of the pages up to date, and say what is not translated yet
	@$(PY) scripts/words.py

golden: setup ## write the golden decisions and outputs anew, after a change that is meant
	@$(PY) -m tests.support.golden
	@$(PY) -m tests.shells.cli.test_golden_output
	@$(PY) -m tests.shells.cards.test_text

bench: setup ## measure speed
	@$(PY) -m benchmarks

bench-gate: setup ## measure the gate with ten million consent events; WINNOW_BENCH_EVENTS=1000000 is a quick look
	@$(PY) -m benchmarks gate

# pytest's exit code 5 means that nothing was selected: there is no proof yet, which is no failure.
prove: setup ## show the promises that take too long for every test run
	@$(PY) -m pytest -m proof --durations=0 || [ $$? -eq 5 ]

mutate: $(VENV)/.mutate ## does any test notice when a line of the core's decision is changed?
	@rm -rf mutants && $(VENV)/bin/mutmut run
	@$(PY) scripts/mutation_score.py

lock: setup ## bring the locks in line with pyproject.toml, moving as little as possible
	$(call relock,uv.txt,--group uv)
	$(call relock,dev.txt,pyproject.toml --all-extras --group dev)
	$(call relock,mutate.txt,--group mutate --constraints requirements/dev.txt)
	@$(MAKE) --no-print-directory setup

upgrade: ## move every lock to the newest versions
	@$(MAKE) --no-print-directory lock UPGRADE=--upgrade

clean: ## remove everything that make made
	rm -rf $(VENV) build dist mutants .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

# ── The environment ──────────────────────────────────────────────────────────────────────────────
# pip, which Python brings along, installs exactly one package: uv, by hash. uv does the rest, also by hash.
# A file is touched only after its step succeeded, so a broken-off step is done again.

$(VENV)/.uv: requirements/uv.txt
	@python=$$(sh scripts/find-python.sh) && echo "making $(VENV) with $$python" && "$$python" -m venv --clear $(VENV)
	@$(PY) -m pip --quiet --disable-pip-version-check install --no-deps --only-binary :all: --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/.locked: $(VENV)/.uv requirements/dev.txt
	@$(UV) pip sync --python $(PY) --only-binary :all: --require-hashes requirements/uv.txt requirements/dev.txt
	@touch $@

$(VENV)/.ready: $(VENV)/.locked pyproject.toml
	@$(UV) pip install --python $(PY) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.mutate: $(VENV)/.ready requirements/mutate.txt
	@$(UV) pip install --python $(PY) --only-binary :all: --require-hashes -r requirements/mutate.txt
	@touch $@
