"""Invented people, invented regions, the main demonstration."""
