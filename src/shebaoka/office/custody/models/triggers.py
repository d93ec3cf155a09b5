"""Triggers that tables of custody share with those of other parts."""

from shebaoka.office.base.triggers import final, kept, moves, once

__all__ = ("final", "kept", "moves", "once")
