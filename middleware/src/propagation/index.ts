// Table of contents: how trace context is read from and written to headers.
export { choosePropagator, propagatorFromEnvironment, unknownPropagatorLine } from './choose-propagator.ts';
export { contextDrops, countDrop } from './context-drops.ts';
export { DefaultPropagator } from './default-propagator.ts';
export { traceFlagsOf } from './trace-flags.ts';
export { formatTraceparent, parseTraceparent } from './traceparent.ts';
export { W3CPropagator } from './w3c-propagator.ts';
