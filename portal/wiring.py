"""What the portal plugs into the mechanisms below."""

from django.urls import reverse

from partners import history
from portal import passes
from portal.models import Pass
from prm import outbox, references

outbox.register(passes.MAIL, passes.still_stands, passes.compose)

references.register(
    "pass", Pass._meta.label, url=lambda given: reverse("portal:passes", args=[given.contact_id])
)

history.register("pass_given", lambda event: f"gave a pass to {event.note}", "key")
history.register("pass_ended", lambda event: f"ended the pass of {event.note}", "key-off")
