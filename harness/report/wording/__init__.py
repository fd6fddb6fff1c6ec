"""What the report says, in English and Chinese. Data says *which* sentence; only this folder says how it reads."""
