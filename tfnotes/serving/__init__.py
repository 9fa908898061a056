"""What a trained model does outside of training: it is measured, exported, and asked."""
