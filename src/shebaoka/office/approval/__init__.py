"""Approval of an issuing region, from draft to issuing (M47 art. 5-12, P20)."""
