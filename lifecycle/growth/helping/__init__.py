"""Help on a deal, asked by the partner or by us for it: a request with a clock, tied to the deal."""
