/// What each target may import (DESIGN 4), nothing else: the order of the targets is the order of the ring.
private let importsByTarget: [String: Set<String>] = [
    "WebSocket": [],
    "Sessions": [],
    "SessionProtocol": ["Sessions"],
    "Fanout": ["WebSocket"],
    "SessionEngine": ["WebSocket", "Sessions", "SessionProtocol", "Fanout"],
    "Journal": ["Sessions", "CLinux", "Glibc"],
    "Tickets": ["Sessions", "SessionProtocol", "COpenSSL"],
    "Transport": ["Fanout", "WebSocket", "CLinux", "COpenSSL", "Glibc", "Synchronization"],
    "PlenaryServer": [
        "WebSocket", "Sessions", "SessionProtocol", "Fanout", "SessionEngine", "Journal", "Tickets",
        "Transport", "CLinux", "COpenSSL", "CPage", "Foundation", "Dispatch", "Synchronization",
    ],
    "plenary": ["PlenaryServer", "Foundation"],
    "plenary-load": [
        "WebSocket", "Sessions", "SessionProtocol", "Tickets", "Transport", "Foundation", "Dispatch",
    ],
]

/// The targets that take bytes and time in and give bytes and facts out.
let pureTargets: Set<String> = ["WebSocket", "Sessions", "SessionProtocol", "Fanout", "SessionEngine"]

/// Imports that the file's target may not have.
///
/// Tests may import what they test, and do not use XCTest.
func forbiddenImports(in file: SourceFile) -> [Finding] {
    let allowed = file.path.hasPrefix("Tests/") ? nil : importsByTarget[file.target ?? ""] ?? []
    return imports(of: file).compactMap { module, line in
        let isAllowed = allowed?.contains(module) ?? (module != "XCTest")
        guard !isAllowed else { return nil }
        return Finding(
            path: file.path,
            line: line,
            message: "\(file.target ?? "it") may not import \(module)"
        )
    }
}

/// Each module that a file imports, whole or for one declaration, with the line.
func imports(of file: SourceFile) -> [(module: String, line: Int)] {
    let kinds: Set<String> = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"]
    return file.tokens.indices.filter { file.tokens[$0].text == "import" }.map { index in
        let next = file.tokens.text(at: index + 1)
        let module = kinds.contains(next) ? file.tokens.text(at: index + 2) : next
        return (module, file.tokens[index].line)
    }
}

/// Memory that nobody guards, outside the places that may touch it: the transport, the journal's storage,
/// masking, and above them only a file that speaks to OpenSSL or to the embedded page.
func strayUnsafe(in file: SourceFile) -> [Finding] {
    guard file.path.hasPrefix("Sources/"), !mayTouchMemory(file) else { return [] }
    return file.tokens.filter(isUnsafe).map {
        Finding(
            path: file.path,
            line: $0.line,
            message: "\($0.text) belongs to Transport, Journal or masking"
        )
    }
}

private func mayTouchMemory(_ file: SourceFile) -> Bool {
    let places = ["Sources/Transport/", "Sources/Journal/", "Sources/WebSocket/Masking"]
    if places.contains(where: { file.path.hasPrefix($0) }) { return true }
    let speaksToC = imports(of: file).contains { ["COpenSSL", "CPage"].contains($0.module) }
    return ["PlenaryServer", "Tickets"].contains(file.target) && speaksToC
}

private func isUnsafe(_ token: Token) -> Bool {
    let prefixes = ["unsafe", "Unsafe", "withUnsafe", "Unmanaged", "OpaquePointer"]
    return token.isWord && prefixes.contains { token.text.hasPrefix($0) }
}

/// Calls of the system outside Transport and Journal, which alone may make them.
func strayCalls(in file: SourceFile) -> [Finding] {
    guard file.path.hasPrefix("Sources/"), file.target != "Transport", file.target != "Journal" else {
        return []
    }
    return file.tokens.indices.compactMap { index in
        let token = file.tokens[index]
        let isCall =
            file.tokens.text(at: index + 1) == "("
            && ![".", "func"].contains(file.tokens.text(at: index - 1))
        guard isCall, isSystemCall(token.text) else { return nil }
        return Finding(
            path: file.path,
            line: token.line,
            message: "\(token.text)() belongs to Transport or Journal"
        )
    }
}

private func isSystemCall(_ name: String) -> Bool {
    let prefixes = ["epoll_", "timerfd_", "pthread_", "clock_"]
    let names: Set<String> = [
        "accept", "accept4", "eventfd", "fallocate", "fcntl", "fdatasync", "flock", "fsync", "ftruncate",
        "getrlimit",
        "getsockopt", "ioctl", "mmap", "pread", "pwrite", "readv", "recv", "recvmsg", "sendmsg", "setrlimit",
        "setsockopt", "signalfd", "socket", "writev",
    ]
    return names.contains(name) || prefixes.contains { name.hasPrefix($0) }
}
