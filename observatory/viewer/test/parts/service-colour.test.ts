// Colours of services: the same on every page, different from each other as long as there are any.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { colourServices, serviceColour } from '../../src/parts/service-colour.ts';

const FIVE = ['gateway', 'auth', 'inventory', 'payment', 'notify'];

describe('the colours of services', () => {
  beforeEach(() => colourServices([]));

  it('do not depend on the order in which they are drawn', () => {
    colourServices(FIVE);
    const once = FIVE.map(serviceColour);
    colourServices(FIVE.toReversed());
    serviceColour('notify');
    expect(FIVE.map(serviceColour)).toEqual(once);
  });

  it('differ in hue for the first twelve, and in something for the first thirty-six', () => {
    const names = Array.from({ length: 36 }, (_, i) => `service-${i}`);
    const hueOf = (name: string): string | undefined => serviceColour(name).split(' ').at(-1);
    expect(new Set(names.slice(0, 12).map(hueOf)).size).toBe(12);
    expect(new Set(names.map(serviceColour)).size).toBe(36);
  });

  it('do not run out', () => {
    const names = Array.from({ length: 500 }, (_, i) => `s${i}`);
    colourServices(names);
    const counts = Map.groupBy(names, serviceColour);
    const most = Math.max(...[...counts.values()].map(({ length }) => length));
    expect(most).toBeLessThanOrEqual(Math.ceil(500 / 36));
  });
});
