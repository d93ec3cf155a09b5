"""Insured persons, their identity and evidence, what the card says of them."""
