// Reads what callgrind has counted, and tells by V8's map of symbols which function compiled code belongs to.

/** Events that callgrind counts with `--cache-sim=yes`; of both second caches together. */
export interface Counts {
  readonly instructions: number;
  readonly instructionMisses: number;
  readonly dataMisses: number;
  readonly farInstructionMisses: number;
  readonly farDataMisses: number;
}

export const COUNTED = [
  'instructions',
  'instructionMisses',
  'dataMisses',
  'farInstructionMisses',
  'farDataMisses',
] as const satisfies readonly (keyof Counts)[];

export const NOTHING: Counts = {
  instructions: 0,
  instructionMisses: 0,
  dataMisses: 0,
  farInstructionMisses: 0,
  farDataMisses: 0,
};

export function combine(one: Counts, other: Counts, sign: 1 | -1 = 1): Counts {
  const sum: Record<keyof Counts, number> = { ...NOTHING };
  for (const name of COUNTED) sum[name] = one[name] + sign * other[name];
  return sum;
}

/** A piece of compiled code. */
interface Code {
  readonly start: number;
  readonly length: number;
  readonly name: string;
}

/** V8's map has a line for every piece that was ever compiled; a later one may lie where earlier ones were. */
export class SymbolMap {
  readonly #codes: Code[] = [];

  constructor(text: string) {
    for (const [, start = '', length = '', name = ''] of text.matchAll(/^([0-9a-f]+) ([0-9a-f]+) (.*)$/gm)) {
      this.#add({ start: Number.parseInt(start, 16), length: Number.parseInt(length, 16), name });
    }
  }

  /** `undefined` for an address in no compiled code. */
  nameAt(address: number): string | undefined {
    const code = this.#codes[this.#after(address) - 1];
    return code !== undefined && address < code.start + code.length ? code.name : undefined;
  }

  #add(code: Code): void {
    let from = this.#after(code.start);
    const before = this.#codes[from - 1];
    if (before !== undefined && before.start + before.length > code.start) from -= 1;
    let to = from;
    while (to < this.#codes.length && (this.#codes[to] as Code).start < code.start + code.length) to += 1;
    this.#codes.splice(from, to - from, code);
  }

  /** The place of the first piece that begins after the address. */
  #after(address: number): number {
    let low = 0;
    let high = this.#codes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#codes[middle] as Code).start <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Counts by function, without those of functions that it calls, from a file that was written without compression. */
export function readCounts(callgrind: string, symbols: SymbolMap): Map<string, Counts> {
  const byFunction = new Map<string, Counts>();
  let current = '';
  let isCall = false;
  for (const line of callgrind.split('\n')) {
    if (line.startsWith('fn=')) current = line.slice(3);
    else if (line.startsWith('calls=')) isCall = true;
    else if (line.startsWith('0x')) {
      if (!isCall) add(byFunction, nameOf(current, line, symbols), line);
      isCall = false;
    }
  }
  return byFunction;
}

function nameOf(current: string, line: string, symbols: SymbolMap): string {
  const isCompiled = current.startsWith('0x') || current === '???';
  return (isCompiled ? symbols.nameAt(Number.parseInt(line.slice(2), 16)) : undefined) ?? current;
}

/** Columns: address, then Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw; zeros at the end are left out. */
function add(byFunction: Map<string, Counts>, name: string, line: string): void {
  const [, ir = 0, , , i1 = 0, d1Read = 0, d1Write = 0, il = 0, dlRead = 0, dlWrite = 0] = line
    .split(' ')
    .map(Number);
  const counts = {
    instructions: ir,
    instructionMisses: i1,
    dataMisses: d1Read + d1Write,
    farInstructionMisses: il,
    farDataMisses: dlRead + dlWrite,
  };
  byFunction.set(name, combine(byFunction.get(name) ?? NOTHING, counts));
}
