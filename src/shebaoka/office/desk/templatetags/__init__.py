"""Tags of the pages of the desk."""
