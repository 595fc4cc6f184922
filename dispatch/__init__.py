"""The life of an event from intake to evaluation."""
