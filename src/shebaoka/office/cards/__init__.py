"""Cards: applications, batches, stock, the life of a card, what waits for its chip, the electronic card."""
