"""What several formats share: drafts of cues and repair of their times, speaker labels, limits, complaints."""
