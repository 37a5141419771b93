"""The Partner API on this machine, as the vendor's pages describe it, with faults on demand."""
