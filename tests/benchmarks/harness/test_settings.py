"""Settings of Stanford GloVe."""

import inspect

from benchmarks.harness.settings import MODEL, STANFORD_GLOVE
from benchmarks.studies.variants import model_parameters
from glove_sklearn import GloVe, GloVeVectorizer


def test_settings_of_stanford_glove_leave_nothing_to_the_defaults():
    of_the_text = {"n_components", "min_count", "min_df", "max_df", "max_features", "pooling"}
    assert set(STANFORD_GLOVE) == set(model_parameters(GloVeVectorizer())) - of_the_text
    not_of_glove = set(STANFORD_GLOVE) - set(inspect.signature(GloVe).parameters)
    assert set(MODEL) == set(STANFORD_GLOVE) - not_of_glove - {"max_iter"}
