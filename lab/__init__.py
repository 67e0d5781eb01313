"""Experiments on a running stack: load, measures and verdicts. It drives the stack through `stack` alone."""
