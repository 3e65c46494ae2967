import Foundation
import Transport

/// One HTTP request to the server, waited for: before a run and after it.
struct PlainRequest {
    var method = "GET"
    var path: String
    /// An admin's; nil: none.
    var ticket: String?
    var seconds = 10

    struct Answer {
        var status: Int
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// - Throws: `.unreachable` in a sentence when there is no answer in time, or none that is HTTP.
    func ask(_ target: TargetURL) throws(LoadFault) -> Answer {
        let sockets: ClientSockets
        let socket: Int
        do throws(SystemFailure) {
            sockets = try ClientSockets()
            socket = try sockets.connect(to: target.address, tls: target.tls)
        } catch {
            throw .unreachable("\(target.text): \(error.description)")
        }
        var head = "\(method) \(path) HTTP/1.1\r\nHost: \(target.host)\r\nConnection: close\r\n"
        if let ticket { head += "Authorization: Bearer \(ticket)\r\n" }
        var wasOpened = false
        var isOver = false
        var bytes: [UInt8] = []
        let end = ContinuousClock.now + .seconds(seconds)
        while !isOver, ContinuousClock.now < end {
            sockets.turn(atMostMilliseconds: 100) { happening in
                switch happening {
                case .opened:
                    wasOpened = true
                    sockets.send(Array((head + "\r\n").utf8), on: socket)
                case .received(_, let more): bytes += more
                case .closed: isOver = true
                }
            }
        }
        guard wasOpened else {
            if let why = sockets.lastTLSFailure {
                throw .unreachable("\(target.text): no TLS with it (\(why))")
            }
            throw .unreachable("\(target.text): nobody answers there")
        }
        guard isOver else { throw .unreachable("\(target.text): no answer to \(path) within \(seconds) s") }
        return try read(bytes, target)
    }

    private func read(_ bytes: [UInt8], _ target: TargetURL) throws(LoadFault) -> Answer {
        // The status line (RFC 9112 section 4), and the body behind the empty line.
        let text = String(decoding: bytes.prefix(64), as: UTF8.self)
        let words = text.prefix { $0 != "\r\n" }.split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]),
            let end = bytes.firstRange(of: Array("\r\n\r\n".utf8))
        else { throw .unreachable("\(target.text): what answers there does not speak HTTP") }
        return Answer(status: status, body: Array(bytes[end.upperBound...]))
    }
}
