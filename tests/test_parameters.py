"""Parameters are declared once: whatever follows from the declarations agrees with them."""

import inspect
from dataclasses import replace

import numpy as np
import pytest

from glove_sklearn import CooccurrenceCounter, GloVe, GloVeVectorizer
from glove_sklearn._fitting import open_checkpoint
from glove_sklearn._parameters import (
    COUNTER_PARAMETERS,
    GLOVE_PARAMETERS,
    PARAMETERS,
    STANFORD_GLOVE,
    VECTORIZER_PARAMETERS,
    NoOption,
    Option,
    names_with_effect,
)
from glove_sklearn._system.sklearn_compat import validate_parameters
from glove_sklearn._training.settings import TrainingSettings
from glove_sklearn.cli.train import train

ESTIMATORS = {
    CooccurrenceCounter: COUNTER_PARAMETERS,
    GloVe: GLOVE_PARAMETERS,
    GloVeVectorizer: VECTORIZER_PARAMETERS,
}


def test_signatures_docstrings_and_the_table_are_up_to_date():
    write_parameters = pytest.importorskip("tools.write_parameters", reason="the tests are not in a source tree")
    assert write_parameters.updated() == {}, "run `make parameters`"


def test_a_changed_declaration_is_noticed(monkeypatch):
    write_parameters = pytest.importorskip("tools.write_parameters", reason="the tests are not in a source tree")
    changed = tuple(replace(p, summary="Other words.") if p.name == "alpha" else p for p in GLOVE_PARAMETERS)
    monkeypatch.setitem(write_parameters.ESTIMATORS, "glove_sklearn/glove.py", ("GloVe", changed, 1))
    (path,) = write_parameters.updated()
    assert path.name == "glove.py"


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: estimator.__name__)
def test_estimators_have_the_declared_parameters(estimator):
    declared = {parameter.name: parameter.default for parameter in ESTIMATORS[estimator]}
    assert {name: p.default for name, p in inspect.signature(estimator).parameters.items()} == declared
    assert estimator().get_params() == declared
    assert set(estimator._parameter_constraints) == set(declared)
    validate_parameters(estimator())


def test_each_parameter_is_declared_once():
    others = []
    for parameters in ESTIMATORS.values():
        names = [parameter.name for parameter in parameters]
        assert len(names) == len(set(names))
        others += [parameter for parameter in parameters if PARAMETERS[parameter.name] is not parameter]
    # Counting alone makes a square X, and training alone takes X as it is.
    assert {parameter.name: parameter.default for parameter in others} == {"near_size": 0, "sample": None}
    for parameter in others:
        declared = PARAMETERS[parameter.name]
        assert replace(parameter, default=declared.default, details=declared.details) == declared


@pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=lambda parameter: parameter.name)
def test_each_parameter_has_an_option_or_a_reason_for_none(parameter):
    options = {option.name: option for option in train.params}
    if isinstance(parameter.option, NoOption):
        assert parameter.option.reason
        return
    option = options[parameter.name]
    assert f"--{parameter.name.replace('_', '-')}" in option.opts
    assert "`" not in option.help
    default = parameter.default if parameter.option.default is None else parameter.option.default
    given = [] if default is None else [option.opts[-1], str(default)]
    context = train.make_context("train", ["corpus.txt", *given])
    assert context.params[parameter.name] == default


@pytest.mark.parametrize(
    "name", [name for name, parameter in PARAMETERS.items() if isinstance(parameter.option, Option)]
)
def test_an_option_takes_every_word_that_the_parameter_takes(name):
    parameter = PARAMETERS[name]
    words = {word: word for word in parameter.choices}
    if None in parameter.constraints and parameter.option.kind == "value":
        words["none"] = None
    for word, value in words.items():
        context = train.make_context("train", ["corpus.txt", f"--{name.replace('_', '-')}", word])
        assert context.params[name] == value


def test_a_checkpoint_recognises_its_run_by_every_parameter_that_changes_training(tmp_path):
    names = names_with_effect("training")
    assert {"n_components", "sample", "x_max", "alpha", "negative_ratio", "learning_rate", "init"} <= set(names)
    others = {
        "n_components": 3,
        "sample": 0.01,
        "x_max": 2.0,
        "alpha": 0.5,
        "negative_ratio": 1,
        "learning_rate": 0.1,
        "init": "random",
        "anchor": 0.5,
    }
    assert set(others) == set(names), "give the new parameter another value here"
    model = GloVe(2, max_iter=1, checkpoint=tmp_path / "run", random_state=0).fit(np.ones((3, 3)))
    for name, value in others.items():
        settings = TrainingSettings.of(model.__class__(**{**model.get_params(), name: value}))
        with pytest.raises(ValueError, match=f"with {name}="):
            open_checkpoint(settings)


def test_the_preset_of_stanford_glove_is_valid_and_differs_from_the_defaults():
    vectorizer = GloVeVectorizer(**STANFORD_GLOVE)
    validate_parameters(vectorizer)
    assert all(value != PARAMETERS[name].default for name, value in STANFORD_GLOVE.items())
    assert {"x_max", "negative_ratio", "init", "postprocess", "max_iter", "weighting"} <= set(STANFORD_GLOVE)


@pytest.mark.parametrize("value", [0, -1.0, 1e-31, 1.1e30, np.inf, np.nan])
@pytest.mark.parametrize("name", ["x_max", "learning_rate"])
def test_bounds_are_checked_before_a_document_is_read(name, value):
    def documents():
        raise AssertionError("a document was read")
        yield

    with pytest.raises(ValueError, match=f"The '{name}' parameter of GloVeVectorizer must be"):
        GloVeVectorizer(**{name: value}).fit(documents())


@pytest.mark.parametrize("value", [1e-30, 1e30])
@pytest.mark.parametrize("name", ["x_max", "learning_rate"])
def test_bounds_themselves_are_allowed(name, value):
    validate_parameters(GloVeVectorizer(**{name: value}))
