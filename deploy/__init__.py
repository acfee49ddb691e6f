"""Running Redress: the settings, the embedded stack, the worker, the web server and the command line."""
