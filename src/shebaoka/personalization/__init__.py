"""From a list of people to cards: data preparation, loading, batch, return file, fixtures (Part 10)."""
