"""The program ``glove-sklearn``."""
