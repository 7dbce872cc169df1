/** Critical paths as flame graphs. */
export type { Flame, Frame } from './frame.ts';
