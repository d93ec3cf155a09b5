"""A card of the register in a reader: updated, compared, its PIN served, blocked, made at once."""
