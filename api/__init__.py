"""The HTTP interface: who may ask what, in which words, and how the answer reads."""
