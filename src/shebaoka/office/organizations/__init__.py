"""Ministry, provinces, cities and below; staff, roles, dual control. Every act of the office passes here."""
