"""What the screens that join apps plug into the mechanisms below."""

from team import settings_pages

settings_pages.register("Promise", "dashboards:policy", "How soon you answer a partner.", icon="flag-check")
