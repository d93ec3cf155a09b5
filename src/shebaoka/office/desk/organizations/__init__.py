"""Pages of the desk: organizations, their staff and roles. The model for pages of other parts."""
