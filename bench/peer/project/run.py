"""Run one of the modules beside this one, with Django set up."""

import runpy
import sys

import django

django.setup()
runpy.run_module(sys.argv[1], run_name="__main__")
