internal import Journal
internal import Sessions

/// `plenary export`: all that is kept of a person, beside a running server too.
enum Export {
    /// Prints it.
    static func run(_ configuration: Configuration, _ outlet: Outlet) -> ExitCode {
        guard let person = configuration.tickets.person else {
            outlet.complain("plenary export needs --person PERSON.")
            return .usage
        }
        guard let form = ExportForm(rawValue: configuration.replay.form.rawValue) else {
            outlet.complain("plenary export has --format json and --format text.")
            return .usage
        }
        let storage: DiskStorage
        do throws(ConfigurationFault) {
            storage = try JournalFolder.open(configuration.data, for: .export)
        } catch {
            return outlet.refuse(error)
        }
        do throws(JournalFault) {
            let record = try PersonRecord(of: person, in: storage)
            guard !record.isEmpty else {
                outlet.complain("Nothing is kept of such a person.")
                return .failure
            }
            switch form {
            case .json: return outlet.result(String(decoding: record.json, as: UTF8.self))
            case .text: return outlet.result(record.text)
            }
        } catch {
            outlet.complain(error.description)
            return ExitCode(error)
        }
    }
}
