internal import COpenSSL
internal import Glibc

/// Why certificate, key or authorities cannot be used; `description` is a sentence with its cure.
package enum TLSFault: Error, Equatable, CustomStringConvertible {
    case unreadable(file: String, why: String)
    case noCertificate(file: String, why: String)
    case noKey(file: String, why: String)
    /// Everybody on the machine may read the key.
    case keyForAll(file: String)
    case mismatch(certificate: String, key: String)
    /// Times are milliseconds since 1970.
    case notYetValid(file: String, from: Int64)
    case expired(file: String, at: Int64)
    /// A file of authorities that holds none.
    case unusable(file: String, why: String)
    /// OpenSSL itself cannot.
    case library(String)

    package var description: String {
        switch self {
        case .unreadable(let file, let why):
            "\(file) cannot be read: \(why). Give the path of a file that this user can read."
        case .noCertificate(let file, let why):
            "\(file) holds no certificate in PEM form (\(why)). It has to begin with the server's own, and its "
                + "authorities' behind it, as in fullchain.pem."
        case .noKey(let file, let why):
            "\(file) holds no private key in PEM form, or one behind a passphrase (\(why)). "
                + "openssl pkey -in \(file) -out key.pem takes the passphrase off."
        case .keyForAll(let file): "\(file) can be read by everybody on this machine: chmod o-rwx \(file)"
        case .mismatch(let certificate, let key):
            "The certificate in \(certificate) and the key in \(key) do not belong together. Both have to come from "
                + "the same renewal."
        case .notYetValid(let file, let time):
            "The certificate in \(file) is not valid before \(Self.day(time)). Is the clock of this machine right?"
        case .expired(let file, let time):
            "The certificate in \(file) is over since \(Self.day(time)). Renew it."
        case .unusable(let file, let why): "\(file) cannot be used (\(why))."
        case .library(let why): "OpenSSL: \(why)."
        }
    }

    /// What the library complained of first, which is the cause of the rest; its list is empty afterwards.
    static func reason() -> String {
        defer { ERR_clear_error() }
        guard let reason = ERR_reason_error_string(ERR_peek_error()) else { return "no reason given" }
        return String(cString: reason)
    }

    private static func day(_ milliseconds: Int64) -> String {
        var seconds = time_t(milliseconds / 1_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let digits = { (number: Int32, count: Int) in
            String(repeating: "0", count: max(0, count - String(number).utf8.count)) + String(number)
        }
        return "\(parts.tm_year + 1900)-\(digits(parts.tm_mon + 1, 2))-\(digits(parts.tm_mday, 2))"
    }
}
