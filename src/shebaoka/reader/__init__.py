"""Ways to reach a chip: in process, PC/SC, vpcd, record, replay, fault injection; the APDU script runner."""
