"""The rules of social security as pure functions: numbers, check digits, identification codes."""
