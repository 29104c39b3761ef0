internal import Synchronization

/// The memory that this process has freed and its allocator keeps.
public enum FreeMemory {
    private static let isBeingReturned = Atomic(false)

    /// Has it given back to the system, away from the loops: malloc_trim(3) takes some milliseconds when there is much. It
    /// happens once at a time, for twice would find nothing more.
    public static func giveBack() {
        guard !isBeingReturned.exchange(true, ordering: .relaxed) else { return }
        BlockingWork.start {
            Syscalls.returnFreeMemory()
            isBeingReturned.store(false, ordering: .relaxed)
        }
    }
}
