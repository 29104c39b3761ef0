/// A day of the proleptic Gregorian calendar, counted in eras of 400 years that start on 1 March.
public struct CivilDate: Hashable, Sendable {
    /// The year; 0 is the one before the year 1.
    public let year: Int64
    /// 1 to 12.
    public let month: Int64
    /// 1 to 31.
    public let day: Int64

    /// The day that is so many days after 1970-01-01; one further off than the numbers reach is moved to where they do, which
    /// is some 10^15 years away.
    public init(daysSince1970: Int64) {
        let days = min(max(daysSince1970, -(1 << 58)), 1 << 58)
        let (era, dayOfEra) = (days + 719_468).quotientAndRemainder(flooredBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    }

    /// The inverse of `init(daysSince1970:)`; nil when there is no such day.
    static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64? {
        let shiftedYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = shiftedYear.quotientAndRemainder(flooredBy: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        let date = CivilDate(daysSince1970: days)
        return (date.year, date.month, date.day) == (year, month, day) ? days : nil
    }
}

extension Int64 {
    /// Division that rounds down, so that the remainder is never negative.
    public func quotientAndRemainder(flooredBy divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
