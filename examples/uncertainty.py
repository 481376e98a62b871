"""How sure is it? Three claims about 300 short news articles, with error bars: one survives all of them, two do not.

The articles are of 2000 and 2001 and come with gensim (M. D. Lee, B. Pincombe and M. Welsh, "An empirical evaluation of models of
text document similarity", CogSci 2005). Each claim is of the kind that is often published from one fit of one model: word a is
nearer to word b than to word c.
"""

from pathlib import Path

import numpy as np
from gensim.test.utils import datapath

from glove_sklearn import GloVeVectorizer
from glove_sklearn.formats import WordVectors
from glove_sklearn.uncertainty import WordUncertainty, bootstrap, compare_seeds

#: What is claimed, the pair of words that is said to be the nearer one, and the other.
CLAIMS = {
    "violence is told of Palestinians rather than of Afghanistan": (("violence", "palestinian"), ("violence", "afghanistan")),
    "India is nearer to Pakistan than to Australia": (("india", "pakistan"), ("india", "australia")),
    "the police are nearer to women than to men": (("police", "she"), ("police", "he")),
}  # fmt: skip
N_REPLICATES = 30


def main() -> None:
    documents = Path(datapath("lee_background.cor")).read_text(encoding="utf-8").splitlines()
    vectorizer = GloVeVectorizer(25, near_size=3, sample=1e-4, warm_start=True, n_jobs=-1, random_state=0).fit(
        documents
    )

    heading("1. Given the context vectors")
    print("The standard errors of GloVe-V: what a word's own co-occurrences leave open.\n")
    uncertainty = WordUncertainty.from_estimator(vectorizer, documents)
    for claim, pairs in CLAIMS.items():
        print(f"{claim}:\n{uncertainty.compare(*pairs)}\n")

    heading("2. If other documents had been written")
    print(f"The bootstrap: {N_REPLICATES} fits on documents that are drawn with replacement.\n")
    of_documents = bootstrap(
        vectorizer, documents, differences, n_replicates=N_REPLICATES, test=True, random_state=0, n_jobs=-1
    )
    print(of_documents)

    heading("3. If another seed had been used")
    print(compare_seeds(vectorizer, documents, pairs=[pair for pairs in CLAIMS.values() for pair in pairs], n_jobs=-1))

    heading("4. What survives")
    for number, (claim, pairs) in enumerate(CLAIMS.items()):
        given_contexts = uncertainty.compare(*pairs)["difference"]
        print(f"{claim}:")
        print(
            f"    given the contexts {verdict(given_contexts.p_value)}; by the bootstrap {verdict(of_documents[number].p_value)}"
        )


def differences(words: WordVectors) -> list[float]:
    """Compute the difference of the two cosines of each claim."""
    row_of = {term: row for row, term in enumerate(words.terms)}
    units = words.vectors / np.linalg.norm(words.vectors, axis=1, keepdims=True)

    def cosine(pair: tuple[str, str]) -> float:
        first, second = (units[row_of[word]] for word in pair)
        return float(first @ second)

    return [cosine(near) - cosine(far) for near, far in CLAIMS.values()]


def verdict(p_value: float) -> str:
    return f"it {'holds' if p_value < 0.05 else 'does not hold'} (p {'< 0.0001' if p_value < 0.0001 else f'= {p_value:.4f}'})"


def heading(title: str) -> None:
    print(f"\n{title}\n{'-' * len(title)}", flush=True)


if __name__ == "__main__":
    main()
