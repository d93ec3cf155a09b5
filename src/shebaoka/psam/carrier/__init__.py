"""Key carriers as chips: master control card, mother card, transmission card (docs/reference/carriers.md)."""
