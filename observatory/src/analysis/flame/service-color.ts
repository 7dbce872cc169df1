// A color for each service, the same in every graph.

/** FNV-1a hash of a text, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value;
}

function channel(hue: number, lightness: number, saturation: number, offset: number): string {
  const k = (offset + hue / 30) % 12;
  const spread = saturation * Math.min(lightness, 1 - lightness);
  const value = lightness - spread * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  return Math.round(value * 255)
    .toString(16)
    .padStart(2, '0');
}

/** A light color, `#rrggbb`: black text on it is readable (contrast above 9:1), and in grey it still differs a little by service. */
export function serviceColor(service: string): string {
  const bits = hash(service);
  const hue = bits % 360;
  const lightness = 0.74 + ((bits >>> 12) % 5) * 0.03;
  return `#${[0, 8, 4].map((offset) => channel(hue, lightness, 0.6, offset)).join('')}`;
}
