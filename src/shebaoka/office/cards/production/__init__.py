"""Making the cards of batches: what goes on them, where keys come from, the job that makes them."""
