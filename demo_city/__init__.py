"""A simulated Chaozhou with linked causes and known answers; everything it makes is marked 模拟 for ever."""

SEED = 4451
"""The shipped demo city. History and live feed must be given the same seed to continue each other."""
