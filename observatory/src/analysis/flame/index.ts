/** Critical paths as flame graphs. */
export { createFlame, type FlameBuilder } from './create-flame.ts';
export { flameSvg } from './flame-svg.ts';
export { foldedStacks } from './folded-stacks.ts';
export type { Flame, Frame } from './frame.ts';
