"""The report of the lab: from the JSON of a folder to one self-contained page, its pictures, and tables."""
