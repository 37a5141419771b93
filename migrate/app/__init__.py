"""One use case per verb: wires the rooms together, opens and closes what is open."""
