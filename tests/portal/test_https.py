"""What browsers are told to keep to https for: this host, and others only where that is asked for."""

import subprocess
import sys

import pytest

from .conftest import ROOT, environment

ASK = """
from portal import settings
print(settings.SECURE_HSTS_SECONDS > 0, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS, settings.SECURE_HSTS_PRELOAD)
"""


@pytest.mark.parametrize(
    ("wanted", "told"),
    [("", "True False False"), ("subdomains", "True True False"), ("subdomains preload", "True True True")],
)
def test_https_holds_for_other_hosts_only_by_setting(wanted, told, tmp_path):
    variables = {"CASELINE_URL": "https://support.example.com", "CASELINE_HSTS": wanted}
    home = {"CASELINE_HOME": str(tmp_path)}
    asked = [sys.executable, "-c", ASK]
    result = subprocess.run(
        asked, cwd=ROOT, env=environment(**home, **variables), capture_output=True, text=True, timeout=60
    )
    assert result.stdout.split() == told.split()
