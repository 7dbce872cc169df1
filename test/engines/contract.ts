// The checkout as a trace: the contract of the demo, as the engine test expects it in Jaeger.

/** The outline of a paid checkout. */
export const PAID_CHECKOUT = `
gateway SERVER POST /api/checkout
  gateway INTERNAL validate_cart
  gateway CLIENT POST -> auth
    auth SERVER POST /sessions/verify
  gateway CLIENT POST -> inventory
    inventory SERVER POST /reservations
      inventory CLIENT reserve stock
  gateway INTERNAL process_payment
    gateway CLIENT POST -> payment
      payment SERVER POST /charges
        payment INTERNAL authorize with acquirer
  gateway CLIENT POST -> notify
    notify SERVER POST /notifications
      notify PRODUCER send receipt
`.trim();

/** How many spans that is. */
export const PAID_CHECKOUT_SPANS = PAID_CHECKOUT.split('\n').length;

/** The five services of the demo. */
export const SERVICES = ['auth', 'gateway', 'inventory', 'notify', 'payment'];
