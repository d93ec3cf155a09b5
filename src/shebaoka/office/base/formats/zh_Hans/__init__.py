"""Dates and times of a language."""
