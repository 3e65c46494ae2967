import PlenaryServer
import Sessions
import Testing
import Tickets

struct PeopleFileTests {
    private func run(
        _ text: String,
        url: String? = "https://live.example.org"
    ) throws -> Result<String, PeopleFile.Problems> {
        let order = PeopleFile.Order(
            session: try #require(SessionPattern("evening".utf8)),
            expiresAt: TicketFixture.now + 1_000,
            url: url
        )
        let writer = TicketWriter(secret: try TicketFixture.secret())
        return try PeopleFile(Array(text.utf8), writer: writer, order: order).withLinks()
    }

    private func problems(_ text: String) throws -> [String] {
        guard case .failure(let problems) = try run(text) else { return [] }
        return problems.sentences
    }

    private func admission(_ link: String) throws -> Admission {
        let ticket = try #require(link.split(separator: "ticket=").last)
        return try TicketFixture.verifier()
            .admission(Array(ticket.utf8), to: try TicketFixture.session(), at: TicketFixture.now)
    }

    @Test func `everybody gets a link behind what was there before`() throws {
        let text = "Name,Room,role,School,id\nTeacher,12,host,North,p1\n\"Guest, Jr\",13,participant,,p2\n"
        let output = try CSV(Array(try run(text).get().utf8)).rows.map(\.fields)
        #expect(
            output.map { $0.dropLast() }.map(Array.init) == (try CSV(Array(text.utf8)).rows.map(\.fields))
        )
        #expect(output[0].last == "link")
        let link = try #require(output[1].last)
        #expect(link.hasPrefix("https://live.example.org/#session=evening&ticket=ey"))
        #expect(try admission(link).person.text == "p1")
        #expect(try admission(link).role == .host)
        #expect(try admission(try #require(output[2].last)).name == Text("Guest, Jr"))
    }

    @Test func `without a URL the column holds tickets`() throws {
        let output = try CSV(Array(try run("name,role,id\nTeacher,host,p1\n", url: nil).get().utf8)).rows.map(
            \.fields
        )
        #expect(output[0].last == "ticket")
        #expect(try admission(try #require(output[1].last)).person.text == "p1")
    }

    @Test func `an address becomes the same id each time, and the ticket does not hold it`() throws {
        let text = "name,role,email\nTeacher,host,Teacher@Example.org\nGuest,observer,guest@example.org\n"
        let output = try CSV(Array(try run(text).get().utf8)).rows.map(\.fields)
        let person = try admission(try #require(output[1].last)).person.text
        #expect(person.hasPrefix("mail-"))
        #expect(!person.lowercased().contains("teacher"))
        let again = try CSV(
            Array(try run("name,role,email\nTeacher,host, teacher@example.org \n").get().utf8)
        ).rows
        #expect(try admission(try #require(again[1].fields.last)).person.text == person)
        #expect(try admission(try #require(output[2].last)).person.text != person)
    }

    @Test func `an id goes before an address`() throws {
        let output = try CSV(
            Array(try run("name,role,id,email\nTeacher,host,p1,teacher@example.org\n").get().utf8)
        )
        .rows
        #expect(try admission(try #require(output[1].fields.last)).person.text == "p1")
    }

    @Test func `every bad row is named with its line and nothing is written`() throws {
        let text = """
            name,school,role,id,email
            Teacher,North,host,p1,
            ,North,host,p2,
            Guest,North,chief,p3,
            Cy,North,host,p 4,
            Di,North,host,,
            Ed,North,host,,not-an-address
            Fay,North,host
            Gus,North,host,p1,
            Hal,North,admin,p9,
            """
        let problems = try problems(text)
        let lines = [3, 4, 5, 6, 7, 8, 9, 10]
        #expect(problems.count == lines.count)
        for (problem, line) in zip(problems, lines) { #expect(problem.hasPrefix("Line \(line): ")) }
        #expect(problems[6].contains("line 2"))
    }

    @Test(arguments: [
        "", "name,role\nTeacher,host\n", "name,id\nTeacher,p1\n", "role,id\n", "name,name,role,id\n",
    ])
    func `a header that lacks a column is refused`(text: String) throws {
        #expect(try problems(text).count == 1)
    }
}
