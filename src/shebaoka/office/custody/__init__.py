"""Keys, carriers, HSMs, storage places, movements, hand-overs (M47 art. 21-24)."""
