"""The flows of a reader terminal (Part 7, Part 8)."""
