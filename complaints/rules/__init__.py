"""The rules of the trade: for each command, what follows from it. One module for each part of a complaint's life."""
