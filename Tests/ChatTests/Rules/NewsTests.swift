import Testing

@testable import Chat

struct NewsTests {
    @Test(arguments: [
        (News.room(7), "r7"), (.person(7), "p7"), (.room(.max), "r9223372036854775807"), (.person(0), "p0"),
    ])
    func `news are one word and read back`(_ news: News, word: String) {
        #expect(news.word == word)
        #expect(News(word: word) == news)
        #expect(News(word: word[...]) == news)
    }

    @Test(arguments: ["", "r", "7", "x7", "r 7", "r7x", "r9223372036854775808", "rr7", "é7"])
    func `a word of a later version is none`(_ word: String) {
        #expect(News(word: word) == nil)
    }

    @Test func `the longest word leaves a payload room for many`() {
        #expect(News.person(.min).word.utf8.count <= 21)
    }
}
