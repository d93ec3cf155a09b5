"""Key and PSAM management rules and contingency plans of each issuing area, and drills (M47 art. 24-26)."""
