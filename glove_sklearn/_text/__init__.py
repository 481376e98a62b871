"""Documents -> token ids and a vocabulary."""
