"""
A pipeline with a grid search, beside TF-IDF and LSA
====================================================

Three newsgroups, a vectorizer, a classifier, and a search for good settings of both at once. TF-IDF and LSA go through
the same pipeline, and TF-IDF is hard to beat.
"""

# %%
# The posts
# ---------
# Without headers, footers and quotes, which would give the newsgroup away.

from sklearn.datasets import fetch_20newsgroups

subjects = ["sci.electronics", "sci.med", "sci.space"]
options = {"categories": subjects, "remove": ("headers", "footers", "quotes")}
train = fetch_20newsgroups(subset="train", **options)
test = fetch_20newsgroups(subset="test", **options)

# %%
# Search
# ------
# ``memory=`` keeps the counts of each fold, so that settings of the model do not count again.

from tempfile import TemporaryDirectory

from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from glove_sklearn import GloVeVectorizer

C = [1, 10]
cache = TemporaryDirectory()
classifier = LogisticRegression(max_iter=300)
searches = {
    "GloVe": (
        make_pipeline(GloVeVectorizer(50, memory=cache.name, random_state=0), classifier),
        {"glovevectorizer__pooling": ["mean", "idf"], "logisticregression__C": C},
    ),
    "TF-IDF": (make_pipeline(TfidfVectorizer(), classifier), {"logisticregression__C": C}),
    "LSA": (
        make_pipeline(TfidfVectorizer(), TruncatedSVD(random_state=0), classifier),
        {"truncatedsvd__n_components": [50, 100], "logisticregression__C": C},
    ),
}
scores = {}
for name, (pipeline, grid) in searches.items():
    search = GridSearchCV(pipeline, grid, cv=2).fit(train.data, train.target)
    scores[name] = search.score(test.data, test.target)
    print(f"{name:<7} {scores[name]:.3f}  {search.best_params_}")
    if name == "GloVe":
        best = search.best_estimator_
cache.cleanup()

# %%
# Results
# -------

import matplotlib.pyplot as plt
from sklearn.metrics import ConfusionMatrixDisplay

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
bars = left.barh(list(scores), list(scores.values()))
left.bar_label(bars, fmt="%.3f", padding=3)
left.invert_yaxis()
left.set(xlabel="accuracy on the test posts", xlim=(0, 1))
left.spines[["top", "right"]].set_visible(False)
ConfusionMatrixDisplay.from_estimator(
    best, test.data, test.target, display_labels=subjects, xticks_rotation=30, colorbar=False, ax=right
)
right.set_title("GloVe")

# %%
# A map of the posts
# ------------------
# The features of the best pipeline, in two dimensions: what the classifier sees.

from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from glove_sklearn.plotting import DocumentMapDisplay

features = best[:-1].transform(test.data)
axes = LinearDiscriminantAnalysis(n_components=2).fit(best[:-1].transform(train.data), train.target)
names = [test.target_names[target] for target in test.target]
display = DocumentMapDisplay(axes.transform(features), names, axis_names=("first discriminant", "second discriminant"))
display.plot(s=8, alpha=0.5)
