"""Calculus: derivatives of functions."""
