"""Random questions, of which a cluster and a folder, or an answer and its promises, are compared. Commands."""
