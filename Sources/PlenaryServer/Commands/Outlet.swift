internal import Foundation

/// Where a command says what it has to say: its result, and its complaints.
package struct Outlet: Sendable {
    /// Writes text and a line end to standard output; throws when it does not take it.
    package var print: @Sendable (String) throws -> Void
    /// Writes a line to standard error, if that is possible.
    package var complain: @Sendable (String) -> Void

    /// Elsewhere, for tests.
    package init(
        print: @escaping @Sendable (String) throws -> Void,
        complain: @escaping @Sendable (String) -> Void
    ) {
        self.print = print
        self.complain = complain
    }

    /// The process's own.
    package static let standard = Outlet(
        print: { try FileHandle.standardOutput.write(contentsOf: Data(($0 + "\n").utf8)) },
        complain: { try? FileHandle.standardError.write(contentsOf: Data(($0 + "\n").utf8)) }
    )

    /// Prints a command's result; a full disk behind standard output is a failure of the command.
    func result(_ text: String) -> ExitCode {
        do {
            try print(text)
            return .success
        } catch {
            complain("Standard output does not take the result.")
            return .inputOutput
        }
    }

    /// Complains and answers the code for it.
    func refuse(_ fault: ConfigurationFault) -> ExitCode {
        for sentence in fault.sentences { complain(sentence) }
        return fault.exit
    }
}
