internal import CLinux
internal import Glibc

/// How many descriptors the process may have (RLIMIT_NOFILE).
package enum DescriptorLimit {
    /// Raises the limit as far as the process may, and tells what it is then.
    package static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return 1_024 }
        if limit.rlim_cur < limit.rlim_max {
            let before = limit.rlim_cur
            limit.rlim_cur = limit.rlim_max
            if setrlimit(resource, &limit) != 0 {
                limit.rlim_cur = before
            }
        }
        return Int(clamping: limit.rlim_cur)
    }

    private static let resource = __rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue))
}

/// Descriptors kept back, so that there is one to tell a newcomer that there are none.
final class SpareDescriptors {
    private var numbers: [Int32] = []
    private let wanted: Int

    init(_ wanted: Int) {
        self.wanted = wanted
        refill()
    }

    deinit {
        for number in numbers {
            _ = close(number)
        }
    }

    /// Gives one back to the kernel; false when there is none left.
    func release() -> Bool {
        guard let number = numbers.popLast() else { return false }
        _ = close(number)
        return true
    }

    /// Takes back what was released, as far as it can be had.
    func refill() {
        while numbers.count < wanted {
            let number = eventfd(0, Int32(EFD_CLOEXEC))
            guard number >= 0 else { return }
            numbers.append(number)
        }
    }
}
