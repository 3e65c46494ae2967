import Sessions

@testable import Journal

/// Checkpoints: the file's bytes as they are, and sections of any content under right checksums.
enum CheckpointFuzz {
    static func run(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let bytes = Array(input.dropFirst())
        if first & 1 == 0 {
            guard let checkpoint = try? Checkpoint(bytes.span.bytes, file: "fuzz") else { return }
            _ = try? ImageEncoding.image(of: checkpoint)
            return
        }
        var sections: [Checkpoint.Section] = []
        var rest = bytes[...]
        while rest.count >= 4, sections.count < 64 {
            let kind = rest.removeFirst()
            let version = rest.removeFirst()
            let count = min(Int(rest.removeFirst()) << 8 | Int(rest.removeFirst()), rest.count)
            sections.append(.init(kind: kind, version: version, payload: Array(rest.prefix(count))))
            rest = rest.dropFirst(count)
        }
        guard let image = try? ImageEncoding.image(of: sections, at: 1) else { return }
        let spelled = ImageEncoding.sections(of: image)
        let again = try? ImageEncoding.image(of: spelled, at: 1)
        Fuzz.check(
            again.map { ImageEncoding.sections(of: $0) } == spelled,
            "what was understood is understood again as it is spelled"
        )
    }
}
