"""The pages of cards."""
