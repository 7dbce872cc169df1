// The bank behind the shop, played by this process: it takes its time and accepts some cards.
import type { Faults } from '@longpole/demo-chassis';

export type Authorization =
  | { readonly isApproved: true }
  | { readonly isApproved: false; readonly reason: string };

export interface Acquirer {
  /** Rejects with an `AbortError` when `signal` aborts first; then nothing was authorized. */
  authorize(card: string, signal: AbortSignal): Promise<Authorization>;
}

const DECLINED_CARDS: ReadonlyMap<string, string> = new Map([
  ['card_declined', 'the bank does not honour this card'],
  ['card_expired', 'the card has expired'],
  ['card_no_funds', 'there is not enough money on the card'],
]);

/** Its latency and its failures are the service's. */
export function createAcquirer(faults: Faults): Acquirer {
  return {
    async authorize(card, signal) {
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
