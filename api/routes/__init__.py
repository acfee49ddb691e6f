"""The routes: a file per noun."""
