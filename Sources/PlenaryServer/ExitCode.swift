package import Journal

/// What the process tells the shell at its end (DESIGN 8; the numbers above 1 are those of `sysexits.h`).
package enum ExitCode: Int32, Equatable, Sendable {
    case success = 0
    case failure = 1
    /// Wrong arguments.
    case usage = 64
    /// A damaged journal, or one of a newer version.
    case badData = 65
    /// The address is taken, or a part of the server cannot start.
    case unavailable = 69
    /// The folder is in use, or cannot be written.
    case cannotCreate = 73
    /// The disk failed.
    case inputOutput = 74
    /// Something in the configuration, or a file that it names, is wrong.
    case configuration = 78
}

extension ExitCode {
    /// What a fault of the journal ends the process with (DESIGN 8).
    package init(_ fault: JournalFault) {
        switch fault {
        case .inUse, .cannotCreate: self = .cannotCreate
        case .damaged, .newerVersion, .unfinishedCopy: self = .badData
        case .io: self = .inputOutput
        case .tooLarge: self = .failure
        case .fenced: self = .unavailable
        }
    }
}
