"""Terminal (终端): the flows of Part 7 over any reader, with keys from a PSAM or a vault (Part 8)."""
