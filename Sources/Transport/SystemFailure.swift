internal import Glibc

/// A system call that failed for a reason that is not simply the state of one connection.
package struct SystemFailure: Error, Equatable, CustomStringConvertible {
    /// The call, such as `bind`.
    package var call: String
    /// The value of `errno` after it.
    package var code: Int32

    /// Names the call that has just failed; the code is taken from `errno` unless it is given.
    package init(_ call: String, code: Int32 = errno) {
        self.call = call
        self.code = code
    }

    package var description: String {
        "\(call): \(String(cString: strerror(code)))"
    }
}
