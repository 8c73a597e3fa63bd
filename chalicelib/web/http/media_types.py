"""Media types of what is downloaded that is no text."""

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
