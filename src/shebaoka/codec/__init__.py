"""Bytes to values and back: digits, GBK text, TLV, records, FCI, APDUs, resets."""
