"""How a partnership goes, as one score made of parts that each open onto their rows."""
