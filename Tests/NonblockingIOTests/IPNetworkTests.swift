import NonblockingIO
import Testing

struct IPNetworkTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.0", false), ("10.0.0.0/8", "::1", false),
        ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false), ("192.168.4.0/22", "192.168.7.255", true),
        ("192.168.4.0/22", "192.168.8.0", false), ("0.0.0.0/0", "8.8.8.8", true), ("::/0", "8.8.8.8", false),
        ("fd00::/8", "fdff::1", true), ("fd00::/8", "fe00::1", false), ("::1", "::1", true), ("::1/128", "::2", false),
        ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("10.1.2.3/32", "10.1.2.3", true),
    ])
    func `a network contains what its leading bits say`(network: String, address: String, isIn: Bool) throws {
        let network = try #require(IPNetwork(network))
        #expect(network.contains(try #require(SocketAddress(host: address, port: 80))) == isIn)
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.1/8", "fd00::1/8", "::/129",
        "localhost", "example", "10.0.0/8",
    ])
    func `what is no network is nil`(text: String) {
        #expect(IPNetwork(text) == nil)
    }
}
