"""The whole pipeline on one machine: nothing here is deployed."""
