// The bank behind the shop, played by this process: it takes its time and accepts some cards.
import type { Faults } from '@longpole/demo-chassis';

export type Authorization =
  | { readonly isApproved: true }
  | { readonly isApproved: false; readonly reason: string };

export interface Acquirer {
  /**
   * Rejects with an `AbortError` when `signal` aborts first, with an `AcquirerBusy` when it is worth another attempt;
   * then nothing was authorized. `attempt` counts from 1.
   */
  authorize(card: string, signal: AbortSignal, attempt: number): Promise<Authorization>;
}

/** The bank can't answer now: nothing was authorized, and asking again may help. */
export class AcquirerBusy extends Error {
  override readonly name = 'AcquirerBusy';
}

/** With the fault `retry-storm`: how often the bank fails first, and after which share of its latency. */
const STORM_FAILURES = 2;
const STORM_SHARE = 0.25;

const DECLINED_CARDS: ReadonlyMap<string, string> = new Map([
  ['card_declined', 'the bank does not honour this card'],
  ['card_expired', 'the card has expired'],
  ['card_no_funds', 'there is not enough money on the card'],
]);

/** Its latency and its failures are the service's. */
export function createAcquirer(faults: Faults): Acquirer {
  return {
    async authorize(card, signal, attempt) {
      if (faults.has('retry-storm') && attempt <= STORM_FAILURES) {
        await faults.pause(faults.state.latencyMs * STORM_SHARE, signal);
        throw new AcquirerBusy(`The acquirer is busy (attempt ${attempt})`);
      }
      await faults.work(signal);
      if (card === 'card_ok') return { isApproved: true };
      const reason = DECLINED_CARDS.get(card);
      return {
        isApproved: false,
        reason: reason ?? 'the bank does not know this card; card_ok is one it knows',
      };
    },
  };
}
