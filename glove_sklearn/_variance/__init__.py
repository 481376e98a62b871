"""Rows of X and a fitted model -> factors of the variances of word vectors."""
