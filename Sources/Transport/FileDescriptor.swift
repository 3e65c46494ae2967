internal import Glibc

/// Owns one descriptor of the kernel and closes it exactly once, when its owner lets go of it.
package struct FileDescriptor: ~Copyable, Sendable {
    package let number: Int32

    /// Takes over a descriptor that nobody else closes.
    package init(owning number: Int32) {
        self.number = number
    }

    /// Gives the descriptor away without closing it, such as into a mailbox.
    package consuming func release() -> Int32 {
        let number = number
        discard self
        return number
    }

    deinit {
        // Never repeated on EINTR: on Linux the number is free then, and may already be another's.
        _ = Glibc.close(number)
    }
}
