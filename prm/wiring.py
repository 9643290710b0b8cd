"""What the kernel does by itself."""

from prm import housekeeping, importing, jobs, sweeper

jobs.register(importing.KIND, importing.work)
sweeper.register("old imports", importing.tidy)
sweeper.register("housekeeping", housekeeping.tidy)
