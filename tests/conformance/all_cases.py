"""Imports every module of cases, so that the registry is full."""

from conformance.cases import (
    access,
    authentication,
    compatibility,
    data,
    flows,
    medical,
    pin,
    psam,
    reading,
    selection,
    terminals,
    transport,
    unblock_and_block,
    writing,
)
from conformance.harness import REGISTRY

__all__ = ["MODULES", "REGISTRY"]

MODULES = (
    transport,
    selection,
    reading,
    pin,
    authentication,
    access,
    writing,
    unblock_and_block,
    medical,
    psam,
    terminals,
    flows,
    compatibility,
    data,
)
