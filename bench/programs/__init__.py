"""What the benches measure: each module is a program, run as a process of its own."""
