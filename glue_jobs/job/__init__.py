"""What every Spark job shares: its session and its errors."""
