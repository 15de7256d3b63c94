"""Business hours, service levels and promises in text: a pure core, which knows no database."""
