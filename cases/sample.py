PASSWORD = "caseline-demo"
SIGN_INS: list[str] = []
