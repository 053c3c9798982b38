"""What a library in a cluster is besides its episodes: versions and their making, the meta index, the local folder."""
