"""What becomes of a document after it was booked: noticed by night, and corrected on demand."""
