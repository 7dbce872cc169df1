// A steady colour for each service: hue and lightness, so that services differ without hue as well.
import type { CSSProperties } from 'react';

const HUES = [55, 150, 325, 255, 95, 205, 25, 290, 180, 350, 120, 230];
const LIGHTS = 3;
const COLOURS = HUES.length * LIGHTS;

/** Which service has which colour; the first to be drawn gets the colour of its name. */
const taken = new Map<number, string>();
const numbers = new Map<string, number>();

function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** A hue that no other service has as long as there is one, then a colour that no other has. */
function numberFor(service: string): number {
  const first = hashOf(service) % COLOURS;
  const order = Array.from({ length: COLOURS }, (_, i) => (first + i) % COLOURS);
  const hues = new Set([...taken.keys()].map((number) => number % HUES.length));
  const free = order.find((number) => !hues.has(number % HUES.length));
  return free ?? order.find((number) => !taken.has(number)) ?? first;
}

/** The colour as CSS; its lightness depends on the theme. */
export function serviceColour(service: string): string {
  const number = numbers.get(service) ?? numberFor(service);
  numbers.set(service, number);
  taken.set(number, service);
  return `oklch(var(--bar-l${Math.floor(number / HUES.length) + 1}) 0.13 ${HUES[number % HUES.length]})`;
}

/** Sets `--service` for a swatch or a bar. */
export function serviceStyle(service: string, more: CSSProperties = {}): CSSProperties {
  return { ...more, ['--service' as string]: serviceColour(service) };
}
