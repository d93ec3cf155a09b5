"""Shebaoka (社保卡): the Chinese social security card as software."""

__version__ = "0.1.0"
