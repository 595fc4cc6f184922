"""What the command line does, one file per matter; `manage.py` names the commands and their options."""
