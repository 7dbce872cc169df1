// Which instrumentations an SDK has, in the order in which they are listed.

export type Case =
  | 'stock http, our Express'
  | 'stock first'
  | 'ours first'
  | 'stock outgoing only'
  | 'all stock, tracing() joins';
