"""What people and their notices plug into the kernel."""

from prm import outbox, samples, sweeper
from team import notices
from team.samples import make

sweeper.register("notices", notices.bind_all, last=True)
outbox.register(notices.MAIL, notices.mail_stands, notices.compose)
samples.register(10, "people", make)
