"""The offline provider's phrase bank and the grammar that assembles a draft. Pure, no models."""
