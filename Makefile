# Each target makes what it needs: a virtual environment in .venv, with the package built in place.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := setup.py pyproject.toml $(wildcard glove_sklearn/*/*.pyx glove_sklearn/*/*.pxd glove_sklearn/*/*.h)
KERNELS := $(subst /,.,$(basename $(wildcard glove_sklearn/*/*.pyx)))

.PHONY: demo test test-distribution test-slow fuzz lint parameters sanitize clean

demo: $(VENV)/.built
	$(BIN)/python examples/demo.py

test: $(VENV)/.built
	$(BIN)/python -m pytest -m "not slow and not distribution and not cross"

test-distribution: $(VENV)/.built
	$(BIN)/python -m pytest -m distribution

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

$(VENV)/.built: $(SOURCES)
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[test,lint]"
	touch $@

parameters: $(VENV)/.built
	$(BIN)/python -m tools.write_parameters

# All kernels, or those of SANITIZE: make sanitize SANITIZE="_training/_adagrad _counting/_counting"
sanitize: $(VENV)/.built
	$(BIN)/python -m tools.sanitize $(SANITIZE)

clean:
	rm -rf $(VENV) build dist *.egg-info glove_sklearn/*/*.so glove_sklearn/*/*.c
