"""Business hours and service levels: a pure core, which knows no database."""
