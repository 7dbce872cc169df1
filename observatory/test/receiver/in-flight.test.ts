// The bounds of what is being taken in at one time.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InFlight, type Share } from '../../src/receiver/in-flight.ts';

describe('what is in flight', () => {
  it('lets as many requests in as it may, and the next one when one is gone', () => {
    const inFlight = new InFlight(2, 100);
    const first = inFlight.enter(0);
    inFlight.enter(0);
    expect(inFlight.enter(0)).toBeUndefined();
    first?.release();
    expect(inFlight.enter(0)).toBeDefined();
  });

  it('refuses announced bytes that have no room, and bytes that were not announced', () => {
    const inFlight = new InFlight(10, 100);
    const share = inFlight.enter(60);
    expect(inFlight.enter(41)).toBeUndefined();
    expect(share?.hold(101)).toBe(false);
    expect(inFlight.bytes).toBe(60);
    expect(share?.hold(100)).toBe(true);
    share?.release();
    expect([inFlight.requests, inFlight.bytes]).toEqual([0, 0]);
  });

  it('is never past its bounds, and empty when everybody has gone', () => {
    const step = fc.record({
      what: fc.constantFrom('enter', 'hold', 'release'),
      bytes: fc.nat(60),
      which: fc.nat(9),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const inFlight = new InFlight(4, 100);
        const held: { share: Share; bytes: number }[] = [];
        for (const { what, bytes, which } of steps) {
          const others = held.reduce((sum, one) => sum + one.bytes, 0);
          const one = held[which % Math.max(1, held.length)];
          if (what === 'enter') {
            const share = inFlight.enter(bytes);
            expect(share !== undefined).toBe(held.length < 4 && others + bytes <= 100);
            if (share !== undefined) held.push({ share, bytes });
          } else if (one !== undefined && what === 'hold') {
            const fits = others - one.bytes + bytes <= 100;
            expect(one.share.hold(bytes)).toBe(fits);
            if (fits) one.bytes = bytes;
          } else if (one !== undefined) {
            one.share.release();
            held.splice(held.indexOf(one), 1);
          }
          expect(inFlight.requests).toBe(held.length);
          expect(inFlight.bytes).toBe(held.reduce((sum, { bytes: some }) => sum + some, 0));
        }
        for (const { share } of held) share.release();
        expect([inFlight.requests, inFlight.bytes]).toEqual([0, 0]);
      }),
    );
  });
});
