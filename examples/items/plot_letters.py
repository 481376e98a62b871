"""
Letters as tokens
=================

A token can be anything that stands beside other things. Here it is a letter, and a document is a word. Nobody tells
the model which letters are vowels.
"""

# %%
# Words as documents
# ------------------
# The vocabulary of 300 news articles, each word once. The letter on either side counts. ``combine="word"`` leaves out
# the vectors of contexts: a letter's own vector says what stands beside it, and its vector as a context says beside
# what it stands.

from gensim.test.utils import datapath

from glove_sklearn import CooccurrenceCounter, GloVeVectorizer
from glove_sklearn.plotting import WordMapDisplay

with open(datapath("lee_background.cor"), encoding="utf-8") as file:
    words = CooccurrenceCounter(min_count=1).fit(file.read().splitlines()).vocabulary_
words = [list(word) for word in words if word.isascii() and word.isalpha()]
print(f"{len(words):,} words, such as {''.join(words[1000])}")
letters = GloVeVectorizer(
    3, analyzer=list, window_size=1, combine="word", postprocess="center", max_iter=30, random_state=0
).fit(words)

# %%
# A map of the alphabet
# ---------------------

groups = {"vowels": list("aeiou"), "consonants": list("bcdfghjklmnpqrstvwxz"), "y": ["y"]}
WordMapDisplay.from_estimator(letters, groups)

# %%
# Vowels stand between consonants, and consonants beside vowels: with a window of one letter, that is most of what
# there is to learn.
