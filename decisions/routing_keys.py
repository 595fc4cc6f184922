"""How the router's own moves are told from people's: by the beginning of their idempotency keys."""

KEY = "routing/"
