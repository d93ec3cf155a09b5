"""The standard's formulas, one function each, over a block cipher (Part 4, Part 7, Part 9)."""
