"""Trains the small DistilBERT that DistilQA bundles, and fine-tunes it on a user's own questions."""
