"""What partners plug into the kernel."""

from partners.samples import make
from prm import samples

samples.register(20, "partners", make)
