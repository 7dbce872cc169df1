// The timers as they were before any test could replace them with fake ones.

import timers from 'node:timers';

export const setRealTimeout: typeof timers.setTimeout = timers.setTimeout;
export const clearRealTimeout: typeof timers.clearTimeout = timers.clearTimeout;
export const setRealImmediate: typeof timers.setImmediate = timers.setImmediate;
