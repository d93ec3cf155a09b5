"""What goes wrong when cards are prepared or made, as one line for people: what, where, what to do."""


class PersonalizationError(ValueError):
    """Wrong input, product, batch directory or number register. Nothing was changed."""


class LoadError(ValueError):
    """A card could not be made; the message names the step. The chip is to be erased and done again."""
