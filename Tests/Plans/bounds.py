"""How much each statement may touch: what its answer needs, and a little.

`rows` is for the node that reads the most of them, those that it throws away among them; `pages` for the whole statement,
each time that one is asked for. A row that is found by an index costs the height of the index and the row's own page: up
to four pages with the full size. A statement that the program makes without a line here makes the test fail, and so does
a line without its statement.
"""
from dataclasses import dataclass


@dataclass(frozen=True)
class Bound:
    rows: int
    pages: int


#: How many rooms somebody waits in who is in 5,000.
WAITING = 200

#: By statement; by scenario, too, where the answer is larger in one.
BOUNDS = {
    "HealthCheck.statement": {"": Bound(1, 0)},
    "NewsPublisher.statement": {"": Bound(1, 4)},

    # A row and its entry in each index; who logs in takes up to ten old sessions along.
    # Whether there is a name without a key is asked as well; entries of those that have got one are passed over.
    "Account.registerStatement": {"": Bound(1, 200)},
    "Account.logInStatement": {"": Bound(10, 300)},
    "Account.logOutStatement": {"": Bound(1, 16)},
    # Somebody's sessions, a few.
    "Sessions.statement": {"": Bound(20, 60)},
    "Sessions.endOthersStatement": {"": Bound(20, 60)},
    # As many rooms as the person is in, to be locked and left: a row each, and its place in four indexes.
    "Account.deleteStatement": {
        "": Bound(300, 300 * 40),
        "delete the account with the most rooms": Bound(5_500, 5_500 * 40),
    },

    # The first deleted account; entries of those that have gone are passed over until a vacuum.
    "DisownedMessages.accountStatement": {"": Bound(30, 60)},
    # A message, and its place in four indexes.
    "DisownedMessages.clearStatement": {"": Bound(1_000, 1_000 * 30)},
    # Entries of the messages that it has just been taken from are passed over until a vacuum.
    "DisownedMessages.endStatement": {"": Bound(500, 2_000)},

    # An own message with a session, a person, a membership and a quote; changed, in four indexes.
    "MessageChange.statement": {"": Bound(2, 120)},

    # Names without a key, a thousand at a time; here one.
    "NameKeys.missingStatement": {"": Bound(10, 300)},
    "NameKeys.giveStatement": {"": Bound(10, 300)},

    # A room, two people found by name or session and taken, two memberships in five indexes. For a dm with somebody the
    # rooms of one of the two are compared with those of the other: a hundred or two, an entry of an index each.
    "Room.createStatement": {"": Bound(300, 300 * 8 + 200)},
    # A session, a person, a room and a membership.
    "Invitation.statement": {"": Bound(1, 30)},
    "Room.joinStatement": {"": Bound(2, 60)},
    "Room.renameStatement": {"": Bound(2, 60)},
    "Room.leaveStatement": {"": Bound(2, 60)},

    # For each who asks a session, a person and a membership, and for each room its newest number and its last change.
    "RoomLook.statement": {
        "": Bound(1, 60),
        "a message for a thousand who wait": Bound(256, 256 * 18 + 60),
        "somebody in 5,000 waits in many rooms": Bound(WAITING, WAITING * 30),
    },
    # A page of 50 and one more, with a sender each (4 pages each) and perhaps a quote; the room and four of its members.
    "RoomContents.statement": {
        "": Bound(51, 51 * 8 + 60),
        # Sixteen rooms at once.
        "somebody in 5,000 waits in many rooms": Bound(16 * 51, 16 * (51 * 8 + 60)),
    },
    # A page of 50 and one more, with a sender each (4 pages each); session, person, room, membership, the newest numbers
    # and four names of members besides.
    "RoomHistory.statement": {
        "": Bound(51, 51 * 8 + 60),
        "the largest page of messages": Bound(201, 201 * 8 + 60),
    },
    # The numbers of all rooms are compared: a row each, of a small table (4 pages). Only 51 of them are found more of:
    # the room, the last message and its sender, three members.
    "RoomList.statement": {
        "": Bound(200, 200 * 4 + 51 * 45 + 40),
        "the rooms of somebody who is in 5,000": Bound(5_100, 5_100 * 4 + 51 * 45 + 40),
        "the most rooms of somebody who is in 5,000": Bound(5_100, 5_100 * 4 + 201 * 45 + 40),
    },
    # The rooms of the account with the most, 64 at a time.
    "UnannouncedRooms.statement": {"": Bound(64, 64 * 40)},

    # A session, a person, a room and a membership to be allowed; a message and its entry in three indexes; looked for
    # again as what may have been stored before.
    "Submission.statement": {"": Bound(2, 120)},
}

#: What triggers and foreign keys do for a statement above.
WITHIN = {
    "": Bound(2, 40),
    # The memberships and the messages of somebody ordinary, a hundred or two.
    "delete an account": Bound(500, 500 * 40),
    "delete the account with the most rooms": Bound(5_500, 5_500 * 40),
}
