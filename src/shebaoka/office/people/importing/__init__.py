"""Lists of people: columns, rows as they are checked, and how they come into the database in bulk."""
