"""Pages of the desk: insured persons."""
