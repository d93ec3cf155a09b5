"""Regional and dated parameters with their sources; the rules a region publishes (R-20)."""
