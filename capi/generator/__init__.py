"""Writes everything that follows from capi/api.json and capi/api/; capi/generate.py is the command."""
