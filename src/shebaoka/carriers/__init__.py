"""Moving sealed key packages between vaults on chips: mother card, transmission card."""
