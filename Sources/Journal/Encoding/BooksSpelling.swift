import Sessions

/// What is counted of sessions that are over, in a checkpoint: written, and read by the mirror below.
extension ByteWriter {
    mutating func books(_ books: Books) {
        account(books.all)
        list(books.communities) {
            $0.text($1.name)
            $0.account($1.account)
        }
    }

    private mutating func account(_ account: Books.Account) {
        // Sorted: the same books always give the same bytes.
        list(account.members.sorted { $0.key.text < $1.key.text }) {
            $0.person($1.key)
            $0.time($1.value)
        }
        number(account.forgottenMembers)
        number(account.held)
        number(account.attended)
    }
}

extension ByteReader {
    mutating func books() throws(SpellingFault) -> Books {
        var books = Books()
        books.all = try account()
        books.communities = try list { (reader) throws(SpellingFault) in
            Books.Community(name: try reader.text(), account: try reader.account())
        }
        return books
    }

    private mutating func account() throws(SpellingFault) -> Books.Account {
        var account = Books.Account()
        let members = try list { (reader) throws(SpellingFault) in (try reader.person(), try reader.time()) }
        for (person, seen) in members { account.members[person] = seen }
        guard account.members.count == members.count else { throw .badValue("a member twice") }
        account.forgottenMembers = try number()
        account.held = try number()
        account.attended = try number()
        return account
    }
}
