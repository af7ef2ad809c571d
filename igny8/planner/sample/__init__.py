"""Words for the offline provider: the shape of a keyword, titles and outlines. Pure, no models."""
