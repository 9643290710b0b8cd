"""The packet of a review: sections over the partner's record, arranged, shown, frozen."""
