import Testing

@testable import plenary_load

/// Options that there are not are said before those that are missing.
struct ArgumentsTests {
    private func refusal(_ arguments: String..., elsewhere: [String] = []) -> LoadFault? {
        let known = Arguments.names(in: RunCommand.options)
        do throws(LoadFault) {
            try Arguments(arguments).refuseUnknown(known: known, elsewhere: elsewhere)
            return nil
        } catch {
            return error
        }
    }

    @Test func `the help lists the options, a line each`() {
        let names = Arguments.names(in: RunCommand.options)
        #expect(names.starts(with: ["--url", "--server-name", "--ca-file", "--secret-file", "--out"]))
        #expect(names.count == Set(names).count)
        #expect(
            Set(PractiseCommand.names).isSuperset(of: [
                "--url", "--session", "--drill", "--drill-after", "--keep",
            ])
        )
    }

    @Test func `an unknown option is named, with the one that may have been meant`() {
        #expect(
            refusal("--ulr", "http://127.0.0.1") == .usage("there is no option --ulr; did you mean --url?")
        )
        #expect(
            refusal("a.json", "--secretfile", "x")
                == .usage("there is no option --secretfile; did you mean --secret-file?")
        )
        #expect(refusal("--bogus") == .usage("there is no option --bogus; --help lists those that there are"))
    }

    @Test func `an option of another command is not called unknown`() {
        #expect(
            refusal("--most", elsewhere: ["--most"])
                == .usage("--most does not belong to this; --help says where it does")
        )
    }

    @Test func `a misspelled command is named, and no file is taken for one`() {
        func refusal(_ first: String) -> LoadFault? {
            do throws(LoadFault) {
                try LoadCommand.refuseUnknownWord([first, "--session", "s"])
                return nil
            } catch {
                return error
            }
        }
        #expect(
            refusal("practice")
                == .usage("there is no command and no file practice; did you mean practise?")
        )
        #expect(refusal("reprot") == .usage("there is no command and no file reprot; did you mean report?"))
        for first in ["practise", "check", "evening.json", "--find-capacity", #filePath] {
            #expect(refusal(first) == nil)
        }
    }

    @Test func `values and files are no options`() {
        #expect(refusal("a.json", "--seed", "-1", "--out", "b") == nil)
        #expect(refusal() == nil)
    }
}
