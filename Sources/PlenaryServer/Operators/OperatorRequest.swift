package import Sessions

/// What an operator asks for over HTTP, with an admin's ticket or through the listener for admins.
package enum OperatorRequest: Equatable, Sendable {
    /// The sessions in memory.
    case sessions
    case session(SessionID)
    case attendance(SessionID, AttendanceForm)
    case counters
    /// Cuts a person's connections in a rehearsal, to see who takes over.
    case cutOff(SessionID, PersonID, seconds: Int)
    /// All that is kept of a person.
    case person(PersonID, ExportForm)
    case erasePerson(PersonID)
    case eraseSession(SessionID)
    /// All rehearsals, or those whose ids begin so.
    case eraseRehearsals(prefix: SessionID?)

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
    case connections(SessionID)
    case counters
    case rehearsals
    case person(PersonID)

    /// Nil: no such path.
    init?(path: String) {
        switch path {
        case "/v1/sessions": self = .sessions
        case "/v1/counters": self = .counters
        case "/v1/rehearsals": self = .rehearsals
        default:
            let bytes = Array(path.utf8)
            if let rest = bytes.behind("/v1/sessions/") {
                if let id = SessionID(rest) {
                    self = .session(id)
                } else if let id = rest.before("/attendance").flatMap({ SessionID($0) }) {
                    self = .attendance(id)
                } else if let id = rest.before("/connections").flatMap({ SessionID($0) }) {
                    self = .connections(id)
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
        case .rehearsals, .connections: ["DELETE"]
        }
    }

    /// Nil: the query is not one that is understood here.
    func request(method: String, query: String?) -> OperatorRequest? {
        let query = query ?? ""
        if method == "DELETE" { return erasure(query: query) }
        switch self {
        case .sessions: return query.isEmpty ? .sessions : nil
        case .session(let id): return query.isEmpty ? .session(id) : nil
        case .counters: return query.isEmpty ? .counters : nil
        case .rehearsals, .connections: return nil
        case .attendance(let id): return Self.form(in: query, else: .json).map { .attendance(id, $0) }
        case .person(let person): return Self.form(in: query, else: .json).map { .person(person, $0) }
        }
    }

    private func erasure(query: String) -> OperatorRequest? {
        switch self {
        case .session(let id): return query.isEmpty ? .eraseSession(id) : nil
        case .person(let person): return query.isEmpty ? .erasePerson(person) : nil
        case .rehearsals:
            if query.isEmpty { return .eraseRehearsals(prefix: nil) }
            // The beginning of an id is one itself; an empty one would be all of them, and is hardly meant.
            return Array(query.utf8).behind("prefix=").flatMap { SessionID($0) }
                .map { .eraseRehearsals(prefix: $0) }
        case .connections(let id): return Self.cut(id, query)
        case .sessions, .attendance, .counters: return nil
        }
    }

    /// `person=P&seconds=N`, in this order.
    private static func cut(_ id: SessionID, _ query: String) -> OperatorRequest? {
        let parts = query.utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).map {
            Array($0)
        }
        guard parts.count == 2, let name = parts[0].behind("person="), let person = person(name),
            let digits = parts[1].behind("seconds="),
            let seconds = Int(String(decoding: digits, as: UTF8.self)),
            (1...600).contains(seconds)
        else { return nil }
        return .cutOff(id, person, seconds: seconds)
    }

    /// What the query may be, in a sentence.
    var queries: String {
        switch self {
        case .attendance: "The query may be format=json or format=csv, and nothing else."
        case .person: "The query may be format=json or format=text, and DELETE has none."
        case .rehearsals:
            "The query may be prefix= and how the ids begin, in letters, digits, dots, underscores and hyphens."
        case .connections:
            "The query is person= and an id, then &seconds= and how long the person is told to stay away, 1 to 600."
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
