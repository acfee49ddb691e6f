"""Outbound messages: their words, and a folder per way of sending them."""
