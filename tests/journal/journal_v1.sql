-- The journal's tables, version 1, as released. Never edit this: it is what people's journals look like.

CREATE TABLE machine (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        address TEXT NOT NULL,
        UNIQUE (name, address)
    );

CREATE TABLE session (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        began INTEGER NOT NULL,
        utc_offset INTEGER NOT NULL,
        zone TEXT NOT NULL,
        workout TEXT NOT NULL,
        plan TEXT NOT NULL,
        planned INTEGER NOT NULL,
        simulated INTEGER NOT NULL,
        program TEXT NOT NULL,
        machine INTEGER REFERENCES machine,
        length INTEGER NOT NULL DEFAULT 0,
        active INTEGER NOT NULL DEFAULT 0,
        distance INTEGER,
        top_speed INTEGER,
        mean_heart_rate INTEGER,
        top_heart_rate INTEGER,
        outcome TEXT,
        reason TEXT,
        lost INTEGER NOT NULL DEFAULT 0
    );

CREATE INDEX session_by_began ON session (began);

CREATE TABLE interval (
        session INTEGER NOT NULL REFERENCES session,
        ordinal INTEGER NOT NULL,
        number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        began INTEGER NOT NULL,
        planned INTEGER NOT NULL,
        planned_speed INTEGER NOT NULL,
        planned_incline INTEGER NOT NULL,
        actual INTEGER,
        actual_speed INTEGER,
        top_speed INTEGER,
        distance INTEGER,
        PRIMARY KEY (session, ordinal)
    ) WITHOUT ROWID;

CREATE TABLE sample (
        session INTEGER NOT NULL REFERENCES session,
        at INTEGER NOT NULL,
        position INTEGER NOT NULL,
        speed INTEGER,
        target INTEGER,
        incline INTEGER,
        distance INTEGER,
        heart_rate INTEGER,
        PRIMARY KEY (session, at)
    ) WITHOUT ROWID;

CREATE TABLE octets (
        session INTEGER NOT NULL REFERENCES session,
        "order" INTEGER NOT NULL,
        at INTEGER NOT NULL,
        uuid, -- the 16-bit number of an assigned UUID, else the full one as text
        source TEXT, -- NULL: it came from the treadmill
        data BLOB NOT NULL,
        PRIMARY KEY (session, "order")
    ) WITHOUT ROWID;

CREATE TABLE event (
        session INTEGER NOT NULL REFERENCES session,
        "order" INTEGER NOT NULL,
        at INTEGER NOT NULL,
        word TEXT NOT NULL,
        fields TEXT NOT NULL,
        PRIMARY KEY (session, "order")
    ) WITHOUT ROWID;

CREATE TABLE entry (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        at INTEGER NOT NULL,
        version INTEGER NOT NULL,
        payload TEXT NOT NULL,
        session INTEGER REFERENCES session
    );

CREATE INDEX entry_by_kind ON entry (kind, at);

CREATE TRIGGER entry_is_not_changed BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'entries are only added'); END;

CREATE TRIGGER entry_is_not_removed BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'entries are only added'); END;

PRAGMA application_id = 1383416417;
PRAGMA user_version = 1;
