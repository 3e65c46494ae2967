internal import Tickets
internal import Transport

extension Option {
    /// Who gets in: keys of tickets beside the one of `--secret-file`.
    static let access: [Option] = [
        trustedProxy,
        optional(
            "keys-file",
            "FILE",
            "keys of tickets by name (kid), several at a time: a JWK Set with oct keys for HS256 and public OKP keys on Ed25519",
            for: [.serve, .ticket],
            in: \.keysFile,
            wanted: "the path of a file"
        ) { path($0) },
        optional(
            "kid",
            "NAME",
            "the name of the key to sign with: of a secret in --keys-file, or for --signing-key-file",
            for: [.ticket],
            in: \.tickets.keyID,
            wanted: "1 to 128 letters, digits and . _ @ : + -"
        ) { KeyID($0.utf8) },
        optional(
            "signing-key-file",
            "FILE",
            "a private key of Ed25519 to sign with, as PEM: openssl genpkey -algorithm ed25519",
            for: [.ticket],
            in: \.tickets.signingKeyFile,
            wanted: "the path of a file"
        ) { path($0) },
    ]

    private static let trustedProxy = Option(
        name: "trusted-proxy",
        placeholder: "CIDR",
        help:
            "where a proxy sits that says in X-Forwarded-For whom it speaks for, such as 10.0.0.0/8; limits per address go by that",
        isRepeatable: true,
        commands: [.serve, .demo]
    ) { text, configuration throws(BadValue) in
        guard let range = AddressRange(text: text) else { throw BadValue(wanted: AddressRange.wanted) }
        configuration.transport.trustedProxies.append(range)
    }
}
