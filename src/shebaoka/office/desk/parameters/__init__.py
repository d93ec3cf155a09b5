"""Pages of the desk: parameters of a region and its published rules."""
