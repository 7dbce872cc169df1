// A steady colour for each service: hue and lightness, so that services differ without hue as well.
import type { CSSProperties } from 'react';

const HUES = [55, 150, 325, 255, 95, 205, 25, 290, 180, 350, 120, 230];
const LIGHTS = 3;
const COLOURS = HUES.length * LIGHTS;

/** Which colour each service has, and how many have each. */
const numbers = new Map<string, number>();
const uses = new Map<number, number>();

function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** The colour of its name if its hue is free, else the next whose hue is, else the next that is used least. */
function numberFor(service: string): number {
  const first = hashOf(service) % COLOURS;
  const order = Array.from({ length: COLOURS }, (_, i) => (first + i) % COLOURS);
  const hues = new Set([...uses.keys()].map((number) => number % HUES.length));
  const free = order.find((number) => !hues.has(number % HUES.length));
  const fewest = Math.min(...order.map((number) => uses.get(number) ?? 0));
  return free ?? order.find((number) => (uses.get(number) ?? 0) === fewest) ?? first;
}

function numberOf(service: string): number {
  const known = numbers.get(service);
  if (known !== undefined) return known;
  const number = numberFor(service);
  numbers.set(service, number);
  uses.set(number, (uses.get(number) ?? 0) + 1);
  return number;
}

/** Gives all services their colours by name, so that the same services have the same colours on every page. */
export function colourServices(services: readonly string[]): void {
  numbers.clear();
  uses.clear();
  for (const service of services.toSorted()) numberOf(service);
}

/** The colour as CSS; its lightness depends on the theme. */
export function serviceColour(service: string): string {
  const number = numberOf(service);
  return `oklch(var(--bar-l${Math.floor(number / HUES.length) + 1}) 0.13 ${HUES[number % HUES.length]})`;
}

/** Sets `--service` for a swatch or a bar. */
export function serviceStyle(service: string, more: CSSProperties = {}): CSSProperties {
  return { ...more, ['--service' as string]: serviceColour(service) };
}
