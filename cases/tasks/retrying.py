from procrastinate import RetryStrategy

# Ten more tries over a day and a half: after some seconds, a quarter of an hour, and ever longer.
PATIENTLY = RetryStrategy(max_attempts=10, linear_wait=15 * 60, exponential_wait=3)
