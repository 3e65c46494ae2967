package import Sessions

/// What an operator asks for over HTTP, with an admin's ticket or through the listener for admins.
package enum OperatorRequest: Equatable, Sendable {
    /// The sessions in memory.
    case sessions
    case session(SessionID)
    case attendance(SessionID, AttendanceForm)
    case counters
    /// All that is kept of a person.
    case person(PersonID, ExportForm)
    case erasePerson(PersonID)
    case eraseSession(SessionID)

    package enum AttendanceForm: String, CaseIterable, Sendable {
        case json
        case csv
    }
}

/// What is kept of a person, for programs or for people.
package enum ExportForm: String, CaseIterable, Sendable {
    case json
    case text
}

/// A path that is for operators; what they may do there.
enum OperatorResource: Equatable {
    case sessions
    case session(SessionID)
    case attendance(SessionID)
    case counters
    case person(PersonID)

    /// Nil: no such path.
    init?(path: String) {
        switch path {
        case "/v1/sessions": self = .sessions
        case "/v1/counters": self = .counters
        default:
            let bytes = Array(path.utf8)
            if let rest = bytes.behind("/v1/sessions/") {
                if let id = SessionID(rest) {
                    self = .session(id)
                } else if let id = rest.before("/attendance").flatMap({ SessionID($0) }) {
                    self = .attendance(id)
                } else {
                    return nil
                }
            } else if let rest = bytes.behind("/v1/people/"), let person = Self.person(rest) {
                self = .person(person)
            } else {
                return nil
            }
        }
    }

    /// The methods, as `Allow` tells them (RFC 9110 section 10.2.1).
    var methods: [String] {
        switch self {
        case .sessions, .attendance, .counters: ["GET", "HEAD"]
        case .session, .person: ["GET", "HEAD", "DELETE"]
        }
    }

    /// Nil: the query is not one that is understood here.
    func request(method: String, query: String?) -> OperatorRequest? {
        let query = query ?? ""
        if method == "DELETE" {
            guard query.isEmpty else { return nil }
            switch self {
            case .session(let id): return .eraseSession(id)
            case .person(let person): return .erasePerson(person)
            case .sessions, .attendance, .counters: return nil
            }
        }
        switch self {
        case .sessions: return query.isEmpty ? .sessions : nil
        case .session(let id): return query.isEmpty ? .session(id) : nil
        case .counters: return query.isEmpty ? .counters : nil
        case .attendance(let id): return Self.form(in: query, else: .json).map { .attendance(id, $0) }
        case .person(let person): return Self.form(in: query, else: .json).map { .person(person, $0) }
        }
    }

    /// What the query may be, in a sentence.
    var queries: String {
        switch self {
        case .attendance: "The query may be format=json or format=csv, and nothing else."
        case .person: "The query may be format=json or format=text, and DELETE has none."
        case .sessions, .session, .counters: "There is nothing to ask for behind a question mark."
        }
    }

    private static func form<Form: RawRepresentable<String>>(in query: String, else form: Form) -> Form? {
        guard !query.isEmpty else { return form }
        let name = "format="
        return query.utf8.starts(with: name.utf8) ? Form(rawValue: String(query.dropFirst(name.count))) : nil
    }

    /// A person's id, the one part of a path that is decoded (RFC 3986 section 2.1).
    ///
    /// `@`, `:` and `+` may stand in it, and clients differ in whether they spell them out. Whatever comes of it that is
    /// no id is no path.
    private static func person(_ bytes: ArraySlice<UInt8>) -> PersonID? {
        var decoded: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                decoded.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                return nil
            }
            decoded.append(high << 4 | low)
        }
        return PersonID(decoded)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}

extension [UInt8] {
    fileprivate func behind(_ prefix: String) -> ArraySlice<UInt8>? {
        starts(with: prefix.utf8) ? dropFirst(prefix.utf8.count) : nil
    }
}

extension ArraySlice<UInt8> {
    fileprivate func before(_ suffix: String) -> ArraySlice<UInt8>? {
        reversed().starts(with: suffix.utf8.reversed()) ? dropLast(suffix.utf8.count) : nil
    }
}
