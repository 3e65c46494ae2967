/// The rules for each kind of text in a command.
struct FieldRules: Sendable {
    let message: TextRules
    let task: TextRules
    let announcement: TextRules
    /// What help is asked for; it may be blank.
    let help: TextRules
    /// A link or a few words, in one line.
    let place: TextRules
    let name: TextRules
    /// What stands beside a name, in one line.
    let label: TextRules

    init(_ limits: ProtocolLimits) {
        message = .message.limited(toBytes: limits.textBytes)
        task = .text.limited(toBytes: limits.taskBytes)
        announcement = .message.limited(toBytes: limits.announcementBytes)
        help = .text.limited(toBytes: limits.helpBytes)
        place = .name.limited(toBytes: limits.placeBytes)
        name = .name.limited(toBytes: limits.nameBytes)
        label = .name.limited(toBytes: limits.labelBytes)
    }
}
