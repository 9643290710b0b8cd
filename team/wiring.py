"""What people and their notices plug into the kernel."""

from prm import outbox, sweeper
from team import notices

sweeper.register("notices", notices.bind_all, last=True)
outbox.register(notices.MAIL, notices.mail_stands, notices.compose)
