"""What comes in and goes out: one standard per file or folder. Plain data here; the rows are written by the apps' own actions."""
