"""Security incidents: notifications, clocks, cause, measures, closure (M47 art. 26, R-40)."""
