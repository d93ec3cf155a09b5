"""How dates and times are written in each language: 24 hours, no month that could be a day."""
