"""The applications on a holder's card (Part 5, Part 7)."""
