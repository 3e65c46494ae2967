import Foundation
import Transport
import WebSocket

/// Asks the server once a second for its metrics, on a connection of its own each time, and keeps the last answer.
struct MetricsProbe {
    private let target: TargetURL
    private let ticket: String?
    private var socket: Int?
    private var answer: [UInt8] = []
    private var askedAt: Int64 = 0
    private var last: (cpuSeconds: Double, at: Int64)?
    /// Of one core, between the last two answers; nil until there are two.
    private(set) var cpuShare: Double?
    private(set) var memoryMB: Double?
    /// What the server answered instead of metrics.
    private(set) var refusal: String?

    init(_ target: TargetURL, adminTicket: String?) {
        self.target = target
        ticket = adminTicket
    }

    /// Microseconds since the run began.
    mutating func ask(_ sockets: ClientSockets, at now: Int64) {
        guard ticket != nil else { return }
        if let socket {
            // An answer that takes longer than five seconds is given up, and so are its figures.
            guard now - askedAt > 5_000_000 else { return }
            sockets.close(socket)
            cpuShare = nil
            memoryMB = nil
        }
        socket = try? sockets.connect(to: target.address, tls: target.tls)
        askedAt = now
        answer.removeAll(keepingCapacity: true)
    }

    func opened(_ socket: Int, _ sockets: ClientSockets) {
        guard socket == self.socket, let ticket else { return }
        let head = "GET /metrics HTTP/1.1\r\nHost: \(target.host)\r\nAuthorization: Bearer \(ticket)\r\n"
        sockets.send(Array("\(head)Connection: close\r\n\r\n".utf8), on: socket)
    }

    mutating func received(_ bytes: [UInt8], on socket: Int) {
        if socket == self.socket { answer += bytes }
    }

    mutating func closed(_ socket: Int) {
        guard socket == self.socket else { return }
        self.socket = nil
        let text = String(decoding: answer, as: UTF8.self)
        guard text.hasPrefix("HTTP/1.1 200") else {
            if !answer.isEmpty { refusal = String(text.prefix { $0 != "\r\n" }) }
            return
        }
        read(text)
    }

    private mutating func read(_ text: String) {
        for line in text.split(separator: "\r\n").last?.split(separator: "\n") ?? [] {
            if let value = Self.value(of: "process_cpu_seconds_total", in: line) {
                if let last, askedAt > last.at, value >= last.cpuSeconds {
                    cpuShare = (value - last.cpuSeconds) * 1_000_000 / Double(askedAt - last.at)
                } else {
                    cpuShare = nil
                }
                last = (value, askedAt)
            } else if let value = Self.value(of: "process_resident_memory_bytes", in: line) {
                memoryMB = value / 1_000_000
            }
        }
    }

    private static func value(of name: String, in line: Substring) -> Double? {
        guard line.hasPrefix(name), line.dropFirst(name.count).first == " " else { return nil }
        return Double(line.dropFirst(name.count + 1))
    }
}
