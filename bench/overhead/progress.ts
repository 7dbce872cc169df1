// Says on standard error how far the measurement is.

const begun = performance.now();

export function progress(what: string): void {
  const seconds = Math.round((performance.now() - begun) / 1000);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  process.stderr.write(`${clock} ${what}\n`);
}
