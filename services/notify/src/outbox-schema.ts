// The tables of the outbox: what to tell, the job that will tell it, and what was told.

/** Idempotent: run at every start. One receipt a notification, whatever the code does. */
export const OUTBOX_SCHEMA = `
  CREATE TABLE IF NOT EXISTS notifications (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    total_cents INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'failed'))
  ) STRICT;
  CREATE TABLE IF NOT EXISTS jobs (
    notification_id TEXT PRIMARY KEY REFERENCES notifications (id),
    context TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS jobs_by_due ON jobs (due_at);
  CREATE TABLE IF NOT EXISTS receipts (
    notification_id TEXT PRIMARY KEY REFERENCES notifications (id),
    text TEXT NOT NULL
  ) STRICT;
`;
