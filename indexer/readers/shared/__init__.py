"""What several formats share: repair of times and cues, speaker labels, JSON fields, limits, complaints."""
