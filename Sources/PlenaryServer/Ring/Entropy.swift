/// Random bits from the kernel, drawn outside the pure parts and handed in as values.
enum Entropy {
    /// 64 fresh random bits.
    static func next() -> UInt64 {
        // The standard library asks getrandom(2), so these may name an epoch that nobody can guess.
        UInt64.random(in: .min ... .max)
    }
}
