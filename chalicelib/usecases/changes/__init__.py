"""What becomes of a document after it was booked: noticed, told, and put right on demand."""
