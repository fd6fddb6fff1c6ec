"""Text as people write it: Chinese and English, quotes and narration, patterns and templates. No I/O."""
