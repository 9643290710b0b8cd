"""The business reviews: their days, their packet, how they are held and signed."""
