"""Pages of the desk: acts of two persons that wait, and what became of others."""
