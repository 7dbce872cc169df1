// The SQL of the stock. Items travel as one JSON parameter, so that an order of any size is a fixed number of statements.

export interface Statement {
  /** With placeholders, never values. */
  readonly text: string;
  /** Operation and table, as `db.query.summary` wants them. */
  readonly summary: string;
}

export const SELECT_ALL_PRODUCTS: Statement = {
  text: 'SELECT id, name, price_cents, available FROM products ORDER BY id',
  summary: 'SELECT products',
};

export const SELECT_PRODUCTS: Statement = {
  text: 'SELECT id, name, price_cents, available FROM products WHERE id IN (SELECT value FROM json_each(?))',
  summary: 'SELECT products',
};

export const TAKE_PRODUCTS: Statement = {
  text:
    "UPDATE products SET available = available - item.value ->> 'quantity' " +
    "FROM json_each(?) AS item WHERE products.id = item.value ->> 'productId'",
  summary: 'UPDATE products',
};

export const GIVE_BACK_PRODUCTS: Statement = {
  text:
    "UPDATE products SET available = available + item.value ->> 'quantity' " +
    "FROM json_each(?) AS item WHERE products.id = item.value ->> 'productId'",
  summary: 'UPDATE products',
};

export const SELECT_RESERVATION: Statement = {
  text: 'SELECT items, total_cents, released FROM reservations WHERE id = ?',
  summary: 'SELECT reservations',
};

export const INSERT_RESERVATION: Statement = {
  text: 'INSERT INTO reservations (id, items, total_cents) VALUES (?, ?, ?)',
  summary: 'INSERT reservations',
};

export const RELEASE_RESERVATION: Statement = {
  text: 'UPDATE reservations SET released = 1 WHERE id = ? AND released = 0 RETURNING items',
  summary: 'UPDATE reservations',
};
