"""`python -m deploy.cli`: the same as `redress`."""

from deploy.cli import app

app()
