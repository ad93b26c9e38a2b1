"""Who asks for a person, or needs one: requests that nothing was trained on, and near misses."""
