"""Pages of the desk about the enquiry password: uniform setting, verification, codes, reminders, attacks."""
