"""A simulated Chaozhou with linked causes and known answers; everything it makes is marked 模拟 for ever."""
