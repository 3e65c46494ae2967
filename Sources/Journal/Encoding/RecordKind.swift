/// What a record is, on disk.
///
/// Numbers are never used again; a changed payload gets a new version.
enum RecordKind: UInt8, CaseIterable {
    case clock = 1
    /// What a person wrote; goes with the record after it.
    case text = 2

    case created = 10
    case started = 11
    case ending = 12
    case kept = 13
    case ended = 14
    case archived = 15
    case locked = 16
    case recovered = 17

    case joined = 20
    case attached = 21
    case detached = 22
    case away = 23
    case returned = 24
    case gone = 25
    case left = 26

    case hostChanged = 30
    case roleChanged = 31
    case successionChanged = 32

    case breakoutsOpened = 40
    case moved = 41
    case breakoutsExtended = 42
    case breakoutsWarning = 43
    case breakoutsClosing = 44
    case breakoutsClosed = 45
    case breakoutsUndone = 46
    case confirmed = 47

    case chatSent = 60

    /// The version of the payload that is written today.
    var version: UInt8 { 1 }
}
