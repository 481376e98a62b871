# Each target makes what it needs: a virtual environment in .venv, with the package built in place.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := setup.py pyproject.toml $(wildcard glove_sklearn/*/*.pyx glove_sklearn/*/*.pxd glove_sklearn/*/*.h)
KERNELS := $(subst /,.,$(basename $(wildcard glove_sklearn/*/*.pyx)))

define OFFLINE
pip could not install what the tests need; its message is above. Without a network, give it a folder of wheels:
PIP_NO_INDEX=1 PIP_FIND_LINKS=folder make ...; CONTRIBUTING.md says how to fill the folder.
endef
export OFFLINE

.PHONY: demo test test-long test-distribution test-cross test-slow fuzz lint docs docs-links parameters sanitize clean

demo: $(VENV)/.built
	$(BIN)/python examples/demo.py

# One thread for OpenMP and BLAS in each process: threads that wait for a busy core cost several times their work.
test: $(VENV)/.built
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist loadgroup -m "not long and not slow and not distribution and not cross"

test-long: $(VENV)/.built
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist loadgroup -m long

test-distribution: $(VENV)/.built
	$(BIN)/python -m pytest -m distribution

test-cross: $(VENV)/.built
	$(BIN)/python -m pytest -m cross

test-slow: $(VENV)/.built
	$(BIN)/python -m pytest -m slow

fuzz: $(VENV)/.built
	$(BIN)/python -m tools.fuzz --files 4000 --seed 0

lint: $(VENV)/.built
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	PATH="$(CURDIR)/$(BIN):$$PATH" cython-lint glove_sklearn/*/*.pyx glove_sklearn/*/*.pxd
	$(BIN)/mypy
	$(BIN)/python -m mypy.stubtest --ignore-missing-stub --mypy-config-file pyproject.toml $(KERNELS)
	$(BIN)/lint-imports

# The site, in build/docs; DOCS="-D plot_gallery=0" does not run the examples.
docs: $(VENV)/.documented
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet $(DOCS) docs build/docs
	@echo "The site begins at build/docs/index.html"

docs-links: $(VENV)/.documented
	$(BIN)/python -m sphinx -b linkcheck -D plot_gallery=0 --quiet docs build/links

$(VENV)/.documented: $(VENV)/.built
	$(BIN)/python -m pip install --quiet --editable ".[docs]" || { echo "$$OFFLINE" >&2; exit 1; }
	touch $@

$(VENV)/.built: $(SOURCES)
	$(PYTHON) tools/prerequisites.py
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable ".[test,lint]" || { echo "$$OFFLINE" >&2; exit 1; }
	touch $@

parameters: $(VENV)/.built
	$(BIN)/python -m tools.write_parameters

# All kernels, or those of SANITIZE: make sanitize SANITIZE="_training/_adagrad _counting/_counting"
sanitize: $(VENV)/.built
	$(BIN)/python -m tools.sanitize $(SANITIZE)

clean:
	rm -rf $(VENV) build dist docs/api docs/gallery docs/generated *.egg-info glove_sklearn/*/*.so glove_sklearn/*/*.c
