// The tables of the stock, and what the shelves hold on the first day.

/** Idempotent: run at every start. `available` can't go below zero whatever the code does. */
export const STOCK_SCHEMA = `
  CREATE TABLE IF NOT EXISTS products (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    price_cents INTEGER NOT NULL CHECK (price_cents > 0),
    available INTEGER NOT NULL CHECK (available >= 0)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS reservations (
    id TEXT PRIMARY KEY,
    items TEXT NOT NULL,
    total_cents INTEGER NOT NULL,
    released INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1))
  ) STRICT;
  INSERT OR IGNORE INTO products (id, name, price_cents, available) VALUES
    ('oak-table', 'Oak table', 12000, 1000000),
    ('desk-lamp', 'Desk lamp', 3990, 1000000),
    ('wool-rug', 'Wool rug', 8900, 1000000),
    ('sold-out-vase', 'Vase', 2500, 0);
`;
