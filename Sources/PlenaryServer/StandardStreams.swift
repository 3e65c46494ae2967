import Foundation

/// Standard input, output and error, which somebody may have closed before the start.
package enum StandardStreams {
    /// Puts the null device where one of the three is missing.
    ///
    /// The lowest free number goes to the next file that is opened: without this, a server started with `2>&-`
    /// would write its log into its journal.
    package static func fill() {
        while true {
            let descriptor = open("/dev/null", O_RDWR)
            guard (0...2).contains(descriptor) else {
                if descriptor > 2 { close(descriptor) }
                return
            }
        }
    }
}
