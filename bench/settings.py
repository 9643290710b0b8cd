"""The shipped settings with one page more: our shell around nothing."""

from prm.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
