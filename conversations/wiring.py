"""What conversations plug into the kernel."""

from conversations.samples import make
from prm import samples

samples.register(30, "conversations", make)
