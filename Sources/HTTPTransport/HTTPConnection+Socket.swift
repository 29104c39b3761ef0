import HTTP
import NonblockingIO

extension HTTPConnection {
    /// Reads once.
    func read(
        _ take: (inout HTTPRequestParser, UnsafeRawBufferPointer) -> Void
    ) -> ConnectionStateMachine.Action {
        let buffer = scratch.inputBuffer
        do throws(SyscallError) {
            switch try Syscalls.read(socket, into: buffer) {
            case .bytes(let count):
                take(&parser, UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                return tell(.received(count, isShort: count < buffer.count))
            case .wouldBlock: return tell(.nothingToRead)
            case .endOfStream: return tell(.endOfInput)
            }
        } catch {
            // The client has reset the connection, or cannot be reached: there is nobody to tell.
            return tell(.failed)
        }
    }

    /// Sends what the client takes now.
    func write() -> ConnectionStateMachine.Action {
        let before = output.count
        do throws(SyscallError) {
            let outcome: ConnectionStateMachine.WriteOutcome
            switch try output.send(to: socket, scratch) {
            case .done: outcome = .all
            case .wouldBlock: outcome = .full
            case .yields: outcome = .turnIsOver
            case .needs(let file, let part):
                load(part, of: file)
                outcome = .loading
            }
            return tell(.wrote(before - output.count, outcome))
        } catch {
            return tell(.failed)
        }
    }

    /// Has the kernel read part of a file on another thread, and goes on then.
    private func load(_ part: Range<Int>, of file: OpenFile) {
        BlockingWork.start { [self, loop] in
            file.load(part)
            loop.execute { [self] in
                assumeIsolated { connection in
                    connection.output.noteLoaded(part)
                    connection.handle(.loaded)
                }
            }
        }
    }
}
