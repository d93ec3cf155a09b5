"""The life of every PSAM, from its order to its destruction (M47 art. 25)."""
