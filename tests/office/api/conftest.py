"""The invented city with its hospital."""

from office.psams.conftest import world

__all__ = ("world",)
