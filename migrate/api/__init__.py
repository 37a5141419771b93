"""The client of the Partner API: requests, answers, tokens, pace, and the one retry loop."""
