"""What pages show, ready to read: dataclasses made of rows, so that templates only place them."""
