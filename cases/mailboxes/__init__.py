"""Mail that comes in by itself: mailboxes, read by IMAP side by side."""
