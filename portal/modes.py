"""Files and folders that are for Caseline's user alone, whatever the umask."""

import errno
import os
import stat
import struct
from pathlib import Path

OURS, OURS_TO_READ = 0o700, 0o600

# Linux's access control lists, as they are kept in an attribute: who (a tag, and whose number), and what they may.
ACL, VERSION, NOBODY = "system.posix_acl_access", 2, 0xFFFFFFFF
OWNER, USER, GROUP, MASK, OTHERS = 1, 2, 4, 16, 32
PASS = 1


def opener(path: str, flags: int) -> int:
    """For `open`: a file that is made, or was made more open before, is for its owner alone."""
    descriptor = os.open(path, flags, OURS_TO_READ)
    os.fchmod(descriptor, OURS_TO_READ)
    return descriptor


def let_pass(folder: Path, user: int) -> None:
    """Let this user go through the folder, without reading it, and nobody else who could not before."""
    mode = folder.stat().st_mode
    if mode & PASS:
        return
    try:
        entries = _entries(folder, mode)
        mask = entries.get((MASK, NOBODY), entries[GROUP, NOBODY])
        entries |= {(USER, user): PASS, (MASK, NOBODY): mask | PASS}  # a chmod takes it from the mask
        packed = (struct.pack("<HHI", tag, may, who) for (tag, who), may in sorted(entries.items()))
        os.setxattr(folder, ACL, struct.pack("<I", VERSION) + b"".join(packed))
    except (OSError, AttributeError) as error:  # a file system, or a system, without such lists
        if getattr(error, "errno", errno.ENOTSUP) != errno.ENOTSUP:
            raise
        folder.chmod(stat.S_IMODE(mode) | PASS)


def _entries(folder: Path, mode: int) -> dict[tuple[int, int], int]:
    """What everybody may by the folder's list, or by its mode where it has none."""
    try:
        listed = os.getxattr(folder, ACL)
    except OSError as error:
        if error.errno != errno.ENODATA:
            raise
        return {(OWNER, NOBODY): mode >> 6 & 7, (GROUP, NOBODY): mode >> 3 & 7, (OTHERS, NOBODY): mode & 7}
    return {(tag, who): may for tag, may, who in struct.iter_unpack("<HHI", listed[4:])}
