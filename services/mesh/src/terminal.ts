// Where the mesh writes, so that a test can read along.

export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether a line can be written over. */
  readonly isInteractive: boolean;
}
