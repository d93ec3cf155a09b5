"""The card operating system: store, files, access rules, security state, dispatch. No application."""
