"""Ways of reaching a department: one file each, independent of each other; the folder is the registry."""
