"""The platform: organizations, people, cards, custody of keys, and the pages of desk and portal (Django)."""
