import Testing

@testable import ChatWeb

struct JSONWriterTests {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `members and elements have commas between them, also around nested ones`() {
        let text = written { writer in
            writer.object { object in
                object.name("a")
                object.array { array in
                    array.number(1)
                    array.object { _ in }
                    array.array { _ in }
                    array.bool(true)
                }
                object.name("b")
                object.object { inner in
                    inner.name("c")
                    inner.null()
                }
                object.name("d")
                object.string("e")
            }
        }
        #expect(text == #"{"a":[1,{},[],true],"b":{"c":null},"d":"e"}"#)
    }

    @Test func `nil is null, and numbers keep their 64 bits`() {
        let text = written { writer in
            writer.array { array in
                array.string(nil)
                array.number(nil)
                array.number(.max)
                array.number(.min)
                array.bool(false)
            }
        }
        #expect(text == "[null,null,9223372036854775807,-9223372036854775808,false]")
    }

    @Test func `strings escape quotes, backslashes and controls, and nothing else`() {
        #expect(
            written { $0.string("\"\\/\n\r\t\u{8}\u{0}\u{1F}\u{7F}\u{2028}é😀") }
                == #""\"\\/\n\r\t\u0008\u0000\u001f"# + "\u{7F}\u{2028}é😀\"")
        #expect(written { $0.string("") } == "\"\"")
        #expect(written { $0.string(utf8: Array("\"\u{301}".utf8)) } == "\"\\\"\u{301}\"")
    }

    @Test func `another parser reads every code point back`() throws {
        let scalars = (UInt32(0)...0x10FFFF).lazy.filter { $0 % 61 == 0 || $0 < 0x300 }.compactMap(Unicode.Scalar.init)
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        let parsed = try JSON(parsing: Array(written { $0.string(text) }.utf8))
        #expect(parsed.string.map { Array($0.utf8) } == Array(text.utf8))
    }
}
