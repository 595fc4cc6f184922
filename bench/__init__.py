"""The benchmark: every figure beside the plain way of doing the same in the same run."""
