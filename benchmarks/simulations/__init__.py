"""Simulations of what cannot be measured on one machine."""
