"""Programs to read, run and change: `await examples.linear_regression.main()`, `await examples.digits.main()`."""

from examples import digits, linear_regression

__all__ = ["digits", "linear_regression"]
