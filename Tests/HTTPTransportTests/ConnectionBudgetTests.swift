import Synchronization
import Testing

@testable import HTTPTransport

struct ConnectionBudgetTests {
    @Test func `there are as many places as it was made with, and none is lost by asking in vain`() {
        let budget = ConnectionBudget(2)
        for _ in 0..<3 {
            #expect(budget.take() && budget.take())
            #expect(!budget.take() && !budget.take())
            budget.giveBack()
            budget.giveBack()
        }
    }

    @Test func `who waits for a place is told once, when one is given back`() {
        let budget = ConnectionBudget(1)
        let told = Mutex(0)
        #expect(budget.take())
        budget.whenFree { told.withLock { $0 += 1 } }
        #expect(told.withLock { $0 } == 0)
        budget.giveBack()
        #expect(told.withLock { $0 } == 1)
        #expect(budget.take())
        budget.giveBack()
        #expect(told.withLock { $0 } == 1)
    }

    /// As when it was given back after it had been asked for in vain.
    @Test func `who begins to wait when a place is free already is told at once`() {
        let budget = ConnectionBudget(1)
        let told = Mutex(0)
        #expect(budget.take() && !budget.take())
        budget.giveBack()
        budget.whenFree { told.withLock { $0 += 1 } }
        #expect(told.withLock { $0 } == 1)
    }
}
