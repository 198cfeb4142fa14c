"""Vega-Lite on the server: one module a chart, each with its picture and its table."""
