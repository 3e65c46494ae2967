/// Why nothing could be played.
enum LoadFault: Error, Equatable {
    case usage(String)
    /// A scenario, a result or a secret that is none.
    case data(String)
    case unreachable(String)
    /// The driver could not play it: whatever it measured would say nothing of the server.
    case invalid(String)
    /// A file or folder of ours could not be written.
    case unwritable(String)

    var exitCode: Int32 {
        switch self {
        case .usage: 64
        case .data: 65
        case .unreachable: 69
        case .unwritable: 73
        case .invalid: 75
        }
    }

    var sentence: String {
        switch self {
        case .usage(let text), .data(let text), .unreachable(let text), .invalid(let text),
            .unwritable(let text):
            text
        }
    }
}
