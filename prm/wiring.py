"""What the kernel does by itself."""

from prm import importing, jobs, sweeper

jobs.register(importing.KIND, importing.work)
sweeper.register("old imports", importing.tidy)
