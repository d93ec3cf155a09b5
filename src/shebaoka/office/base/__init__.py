"""What every part of the office stands on: ids, record base, error catalogue, pages."""
