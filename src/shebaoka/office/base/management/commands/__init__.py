"""Commands of Django's manager."""
