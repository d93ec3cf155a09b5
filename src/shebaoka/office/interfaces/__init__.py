"""Programs of others at the office's interface: tokens with scopes, allowances, answers given once."""
