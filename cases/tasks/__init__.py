"""Jobs. Each is deferred in the transaction of the change that asks for it, and called `cases.tasks.` and its own
name, wherever it stands in here: jobs that wait outlive a move."""

from .cases import apply_levels as apply_levels
from .cases import count_view as count_view
from .cases import count_views as count_views
from .cases import fold_counts as fold_counts
from .cases import judge_case as judge_case
from .cases import move_cases as move_cases
from .cases import run_bulk as run_bulk
from .clock import each as each
from .clock import failed as failed
from .clock import keep_time as keep_time
from .clock import let_out as let_out
from .clock import retry_stalled as retry_stalled
from .mail import mail_beside as mail_beside
from .mail import mail_digest as mail_digest
from .mail import mail_event as mail_event
from .mail import mail_fresh_link as mail_fresh_link
from .mail import mail_invitation as mail_invitation
from .mail import mail_notices as mail_notices
from .mail import mail_test as mail_test
from .mail import mail_text as mail_text
from .mail import plan_digests as plan_digests
from .push import push_notices as push_notices
from .push import push_to as push_to
from .retrying import PATIENTLY as PATIENTLY
from .sweeping import clear_limits as clear_limits
from .sweeping import clear_sessions as clear_sessions
from .sweeping import drop_file as drop_file
from .sweeping import drop_original as drop_original
from .sweeping import export_person as export_person
from .sweeping import keep_no_longer as keep_no_longer
from .sweeping import sweep_attachments as sweep_attachments
from .sweeping import sweep_documents as sweep_documents
from .sweeping import sweep_exports as sweep_exports
from .sweeping import sweep_secrets as sweep_secrets
from .sweeping import tidy_after_people as tidy_after_people
