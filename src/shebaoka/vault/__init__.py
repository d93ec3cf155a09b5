"""Where keys live, as handles: ministry, province, city (national key hierarchy)."""
