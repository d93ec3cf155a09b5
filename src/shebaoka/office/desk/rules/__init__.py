"""Pages of the desk: key and PSAM management rules, contingency plans, drills."""
