internal import COpenSSL
internal import Glibc
internal import Synchronization

/// The keys with which this server seals TLS session tickets (RFC 5077, RFC 8446 section 4.6.1): who comes back within
/// two hours is spared the costly half of the handshake, and nothing is kept for it here.
///
/// Every hour a new key begins; the one before still opens what it has sealed, and then it is gone. So a key that is
/// stolen opens the tickets of two hours and no more. The keys outlive a change of the certificate and belong to all
/// loops, hence the lock; a handshake takes a thousand times as long.
package final class TLSTicketKeys: Sendable {
    static let rotationMilliseconds: Int64 = 3_600_000
    static let lifetimeMilliseconds = 2 * rotationMilliseconds

    struct Key {
        /// What stands before a ticket, so that its key is found.
        var name: [UInt8]
        var cipher: [UInt8]
        var mac: [UInt8]
        var bornAt: Int64

        init(at now: Int64) {
            name = Self.random(16)
            cipher = Self.random(32)
            mac = Self.random(32)
            bornAt = now
        }

        private static func random(_ count: Int) -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: count)
            // OpenSSL has ended the process if it has no randomness.
            precondition(RAND_bytes(&bytes, Int32(count)) == 1, "no randomness")
            return bytes
        }
    }

    /// The newest first, two at most.
    private let keys = Mutex<[Key]>([])
    private let clock: @Sendable () -> Int64

    /// `clock` gives milliseconds that never jump.
    package init(clock: @escaping @Sendable () -> Int64 = { Monitor.monotonicMilliseconds() }) {
        self.clock = clock
    }

    /// Key for a new ticket.
    func current() -> Key {
        let now = clock()
        return keys.withLock { keys in
            if let newest = keys.first, now - newest.bornAt < Self.rotationMilliseconds { return newest }
            let key = Key(at: now)
            keys = [key] + keys.filter { now - $0.bornAt < Self.lifetimeMilliseconds }.prefix(1)
            return key
        }
    }

    func named(_ name: UnsafePointer<UInt8>) -> (key: Key, isNewest: Bool)? {
        let now = clock()
        let wanted = UnsafeBufferPointer(start: name, count: 16)
        return keys.withLock { keys in
            guard let index = keys.firstIndex(where: { $0.name.elementsEqual(wanted) }) else { return nil }
            let key = keys[index]
            guard now - key.bornAt < Self.lifetimeMilliseconds else { return nil }
            return (key, index == 0 && now - key.bornAt < Self.rotationMilliseconds)
        }
    }

    /// What OpenSSL asks when a ticket is to be sealed (`isNew` is 1) or opened: 1 it is prepared, 2 it is and a new
    /// ticket is due, 0 the ticket is not known and a whole handshake follows, -1 it cannot be done.
    static func answer(
        _ session: OpaquePointer?,
        _ name: UnsafeMutablePointer<UInt8>?,
        _ vector: UnsafeMutablePointer<UInt8>?,
        _ cipher: OpaquePointer?,
        _ mac: OpaquePointer?,
        _ isNew: Int32
    ) -> Int32 {
        guard let session, let name, let vector, let context = SSL_get_SSL_CTX(session),
            let raw = SSL_CTX_get_ex_data(context, 0)
        else { return -1 }
        let keys = Unmanaged<TLSTicketKeys>.fromOpaque(raw).takeUnretainedValue()
        if isNew == 1 {
            let key = keys.current()
            name.update(from: key.name, count: 16)
            guard RAND_bytes(vector, 16) == 1,
                EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nil, key.cipher, vector) == 1
            else { return -1 }
            return prepare(mac, key) ? 1 : -1
        }
        guard let (key, isNewest) = keys.named(name) else { return 0 }
        guard EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nil, key.cipher, vector) == 1,
            prepare(mac, key)
        else { return -1 }
        return isNewest ? 1 : 2
    }

    private static func prepare(_ mac: OpaquePointer?, _ key: Key) -> Bool {
        var bytes = key.mac
        return plenary_tls_set_ticket_mac(mac, &bytes, bytes.count) == 1
    }
}
