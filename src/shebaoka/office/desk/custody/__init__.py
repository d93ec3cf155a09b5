"""Pages of the desk: keys, carriers, HSMs, movements, hand-overs."""
