import Sessions

/// What everybody together has been told: an account of each session that is not archived.
struct Known {
    var accounts: [SessionNumber: Account] = [:]
    private(set) var numbers: [SessionID: SessionNumber] = [:]
    /// The sessions that are over for good, rehearsals too.
    private(set) var archived: Set<SessionID> = []
    /// The last word on sessions that are over, until their archives have been looked at.
    var unarchived: [SessionID: Account] = [:]
    private var justArchived: [SessionNumber] = []

    func account(_ id: SessionID) -> Account? { numbers[id].flatMap { accounts[$0] } }

    mutating func learn(_ entry: SessionEntry) throws(Broken) {
        switch entry.event {
        case .created(let created):
            guard accounts[entry.session] == nil, numbers[created.id] == nil else {
                throw Broken("session \(entry.session) made twice")
            }
            accounts[entry.session] = Account(created, at: entry.at)
            numbers[created.id] = entry.session
        case .archived, .sessionErased:
            guard let account = accounts[entry.session] else { throw Broken("no session to be archived") }
            archived.insert(account.id)
            justArchived.append(entry.session)
            fallthrough
        default:
            guard accounts[entry.session] != nil else { throw Broken("no session \(entry.session)") }
            try accounts[entry.session]?.take(entry)
        }
    }

    /// After the last that is said to those who were in it, a session that was archived is no more.
    mutating func forgetArchived() {
        for number in justArchived {
            guard let account = accounts.removeValue(forKey: number), !account.isRehearsal else { continue }
            unarchived[account.id] = account
        }
        justArchived = []
    }
}
