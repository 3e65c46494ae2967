internal import Tickets

/// Finds out what `plenary ticket` is to sign with.
enum SigningKey {
    private static let maxKeyBytes = 64 << 10

    /// What signs, and with the secret of `--secret-file` makes ids of addresses.
    ///
    /// - Throws: `.usage` when the options do not say one key, `.configuration` when it cannot be read.
    static func writer(_ configuration: Configuration) throws(ConfigurationFault) -> TicketWriter {
        let order = configuration.tickets
        if order.keyID == nil {
            if order.signingKeyFile != nil {
                throw usage("--signing-key-file needs --kid NAME: by it the server finds the public key.")
            }
            if configuration.keysFile != nil {
                throw usage("--keys-file needs --kid NAME: which of its keys is to sign?")
            }
        }
        let secret: Secret? =
            if let path = configuration.secretFile { try Secret.read(fromFile: path) } else { nil }
        guard let id = order.keyID else {
            guard let secret else {
                throw usage(
                    "plenary ticket needs --secret-file FILE, the server's own; or --kid NAME with --keys-file FILE or "
                        + "with --signing-key-file FILE."
                )
            }
            return TicketWriter(secret: secret)
        }
        let known =
            if let path = configuration.keysFile { try KeysFile.read(path) } else { [TicketKey]?.none }
        let key = known?.first { $0.id == id }
        if let known, key == nil {
            let names = known.map(\.id.text).joined(separator: ", ")
            throw ConfigurationFault(
                "The keys file has no key \"\(id.text)\"; it has \(names).",
                exit: .configuration
            )
        }
        return TicketWriter(signer: try signer(order, id, key), mailSecret: secret)
    }

    private static func signer(
        _ order: TicketOrder,
        _ id: KeyID,
        _ key: TicketKey?
    ) throws(ConfigurationFault) -> TicketSigner {
        guard let path = order.signingKeyFile else {
            switch key?.material {
            case .hs256(let secret): return .hs256(secret, id)
            case .ed25519:
                throw usage(
                    "The key \"\(id.text)\" is a public one, which cannot sign: give its private half with --signing-key-file."
                )
            case nil:
                throw usage(
                    "--kid is the name of a key in --keys-file or for --signing-key-file; that of --secret-file has none."
                )
            }
        }
        let privateKey = try read(path)
        // A ticket that no server would take had better not be made.
        if let key {
            guard case .ed25519(let publicKey) = key.material, publicKey == privateKey.publicKey else {
                throw ConfigurationFault(
                    "\(path) is not the private half of the key \"\(id.text)\" in the keys file.",
                    exit: .configuration
                )
            }
        }
        return .ed25519(privateKey, id)
    }

    private static func read(_ path: String) throws(ConfigurationFault) -> Ed25519PrivateKey {
        guard let bytes = BoundedFile.bytes(path, limit: maxKeyBytes) else {
            throw ConfigurationFault("The key file \(path) cannot be read.", exit: .configuration)
        }
        do {
            return try Ed25519PrivateKey(pem: bytes)
        } catch {
            let problem =
                switch error {
                case .notPEM: "is no private key in PEM"
                case .encrypted: "is behind a pass phrase, and nobody is asked for one here"
                case .notEd25519: "holds a key of another algorithm than Ed25519"
                }
            throw ConfigurationFault(
                "The key file \(path) \(problem). Make one with: openssl genpkey -algorithm ed25519 -out \(path)",
                exit: .configuration
            )
        }
    }

    private static func usage(_ sentence: String) -> ConfigurationFault {
        ConfigurationFault(sentence, exit: .usage)
    }
}
