"""What things cost, measured on this machine: `make bench`. A module per measure."""
