"""Token ids -> rows of X."""
