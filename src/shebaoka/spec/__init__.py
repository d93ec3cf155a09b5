"""What the card standard and the law fix, as data: layouts, key catalogue, code tables, status words."""
