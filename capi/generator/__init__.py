"""Writes everything that follows from capi/api.json; capi/generate.py is the command."""
