"""Locking a process in, so that an image that takes over its decoder can do nothing.

On Linux three layers, each held only where the kernel has it: resource limits; Landlock, which takes the
file system and TCP away; and a seccomp filter that lets through only what decoding needs (memory, and
reading and writing pipes that are open already). Elsewhere resource limits, where there are any.
There is no way back: load every library first.

Sources: man pages setrlimit(2), landlock(7), seccomp(2), prctl(2); linux/landlock.h, linux/seccomp.h,
linux/filter.h, linux/audit.h; syscall numbers from arch/x86/entry/syscalls/syscall_64.tbl and
include/uapi/asm-generic/unistd.h (aarch64).
"""

import ctypes
import platform
import struct
import sys

if sys.platform != "win32":
    import resource

# Landlock's ABI says which rights its ruleset knows: (from this ABI on, number of file system rights).
_LANDLOCK_FILE_RIGHTS = ((1, 13), (2, 14), (3, 15), (5, 16))
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446  # the same on every architecture
_LANDLOCK_NETWORK_ABI, _LANDLOCK_NETWORK = 4, 0b11  # bind and connect of TCP
_LANDLOCK_SCOPE_ABI, _LANDLOCK_SCOPE = 6, 0b11  # abstract Unix sockets and signals, outside the sandbox

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38
_SECCOMP_ALLOW, _SECCOMP_KILL = 0x7FFF_0000, 0x8000_0000
_SECCOMP_REFUSE = 0x0005_0000 | 1  # SECCOMP_RET_ERRNO with EPERM
# Classic BPF: load a word, jump if equal, return.
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER_OFFSET, _ARCHITECTURE_OFFSET = 0, 4  # in struct seccomp_data

# Machine: AUDIT_ARCH_*, and the system calls that a loaded decoder makes.
_ALLOWED = {
    "x86_64": (
        0xC000_003E,
        {
            "read": 0,
            "write": 1,
            "close": 3,
            "fstat": 5,
            "lseek": 8,
            "mmap": 9,
            "mprotect": 10,
            "munmap": 11,
            "brk": 12,
            "rt_sigaction": 13,
            "rt_sigprocmask": 14,
            "rt_sigreturn": 15,
            "select": 23,
            "sched_yield": 24,
            "mremap": 25,
            "madvise": 28,
            "getpid": 39,
            "exit": 60,
            "sigaltstack": 131,
            "futex": 202,
            "restart_syscall": 219,
            "clock_gettime": 228,
            "exit_group": 231,
            "pselect6": 270,
            "getrandom": 318,
        },
    ),
    "aarch64": (
        0xC000_00B7,
        {
            "close": 57,
            "lseek": 62,
            "read": 63,
            "write": 64,
            "pselect6": 72,
            "fstat": 80,
            "exit": 93,
            "exit_group": 94,
            "futex": 98,
            "clock_gettime": 113,
            "sched_yield": 124,
            "restart_syscall": 128,
            "sigaltstack": 132,
            "rt_sigaction": 134,
            "rt_sigprocmask": 135,
            "rt_sigreturn": 139,
            "getpid": 172,
            "brk": 214,
            "munmap": 215,
            "mremap": 216,
            "mmap": 222,
            "mprotect": 226,
            "madvise": 233,
            "getrandom": 278,
        },
    ),
}


def lock_down(*, max_memory_bytes: int) -> tuple[str, ...]:
    """Take from this process all that decoding does not need, for good; return the layers that hold.

    From then on it cannot open a file, make a socket, start a process or a thread, or hold more than
    `max_memory_bytes` of address space.
    """
    layers = {}
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if libc:
        libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)  # another process of the user cannot read the image from us
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)  # else the kernel refuses the next two to all but root
    # In this order: Landlock needs a file descriptor, and seccomp refuses both others.
    layers["landlock"] = libc is not None and _forbid_files(libc)
    layers["limits"] = _limit_resources(max_memory_bytes)
    layers["seccomp"] = libc is not None and _forbid_system_calls(libc)
    return tuple(name for name, holds in layers.items() if holds)


def _limit_resources(max_memory_bytes: int) -> bool:
    """Return whether the limits hold: macOS has no limit on memory, Windows none at all."""
    if sys.platform == "win32":
        return False
    limits = [
        (resource.RLIMIT_AS, max_memory_bytes),
        (resource.RLIMIT_FSIZE, 0),  # pipes are not counted
        (resource.RLIMIT_NOFILE, 0),  # those open stay open
        (resource.RLIMIT_CORE, 0),
    ]
    if hasattr(resource, "RLIMIT_NPROC"):
        limits.append((resource.RLIMIT_NPROC, 0))
    holds = True
    for which, limit in limits:
        try:
            resource.setrlimit(which, (limit, limit))
        except (ValueError, OSError):
            holds = False
    return holds


def _forbid_files(libc: ctypes.CDLL) -> bool:
    """Handle every right that this kernel's Landlock knows, and grant none."""
    abi = libc.syscall(_LANDLOCK_CREATE_RULESET, None, 0, 1)  # 1: ask for the version
    if abi < 1:
        return False
    rights = max(count for first_abi, count in _LANDLOCK_FILE_RIGHTS if abi >= first_abi)
    ruleset = struct.pack("Q", (1 << rights) - 1)
    if abi >= _LANDLOCK_NETWORK_ABI:
        ruleset += struct.pack("Q", _LANDLOCK_NETWORK)
    if abi >= _LANDLOCK_SCOPE_ABI:
        ruleset += struct.pack("Q", _LANDLOCK_SCOPE)
    descriptor = libc.syscall(_LANDLOCK_CREATE_RULESET, ruleset, len(ruleset), 0)
    return bool(descriptor >= 0 and libc.syscall(_LANDLOCK_RESTRICT_SELF, descriptor, 0) == 0)


def _forbid_system_calls(libc: ctypes.CDLL) -> bool:
    """Let through what `_ALLOWED` names; refuse the rest with EPERM."""
    if platform.machine() not in _ALLOWED:
        return False
    architecture, calls = _ALLOWED[platform.machine()]
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE_OFFSET),
        (_JUMP_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _SECCOMP_KILL),  # numbers mean other calls under another architecture
        (_LOAD, 0, 0, _NUMBER_OFFSET),
    ]
    # A call found jumps over the rest of the list and the refusal.
    program += [(_JUMP_IF_EQUAL, len(calls) - at, 0, number) for at, number in enumerate(calls.values())]
    program += [(_RETURN, 0, 0, _SECCOMP_REFUSE), (_RETURN, 0, 0, _SECCOMP_ALLOW)]

    class Program(ctypes.Structure):  # struct sock_fprog
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))

    filters = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    described = Program(len(program), filters)
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(described), 0, 0) == 0)
