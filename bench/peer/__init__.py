"""django-helpdesk, installed beside Caseline and measured in the same run by the same visitors."""
