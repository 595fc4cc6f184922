"""What will probably happen, why a number moved, and who should act."""
