"""What the portal plugs into the mechanisms below."""

from django.urls import reverse

from lifecycle.ending import parts
from partners import history
from portal import digest_lines, digest_mails, digests, passes, samples
from portal.models import Digest, Pass
from prm import outbox, references, sweeper
from prm.samples import register as sample

outbox.register(passes.MAIL, passes.still_stands, passes.compose)

sweeper.register("partner digests", digest_mails.sweep, (Digest._meta.label,))
outbox.register(digest_mails.MAIL, digest_mails.still_stands, digest_mails.compose)
digests.register("What we promised you", digest_lines.promised_by_us)
digests.register("What you promised", digest_lines.promised_by_them)
digests.register("What we would like to hear from you", digest_lines.answers_wanted)
digests.register("Your tasks", digest_lines.tasks)
digests.register("Your certificates", digest_lines.certificates)
digests.register("Issues", digest_lines.issues)
digests.register_monthly("The month before", digest_lines.month)
digests.register("What we decided", digest_lines.decided)

references.register(
    "pass", Pass._meta.label, url=lambda given: reverse("portal:passes", args=[given.contact_id])
)

history.register("pass_given", lambda event: f"gave a pass to {event.note}", "key")
history.register("pass_ended", lambda event: f"ended the pass of {event.note}", "key-off")
history.register(
    "digest_switched_on",
    lambda event: "switched on the digest for its people",
    "mail",
    undo=digests.switch_off_again,
)
history.register(
    "digest_switched_off",
    lambda event: "switched off the digest for its people",
    "mail-off",
    undo=digests.switch_on_again,
)
history.register("digest_stopped", lambda event: "wants no digest any more", "mail-off")
history.register("digest_resumed", lambda event: "wants the digest again", "mail")

sample(90, "passes and digests", samples.make)

parts.register(
    parts.Part("access", "Access", "closes by itself on the last day", passes.open_ones, passes.end_all)
)
