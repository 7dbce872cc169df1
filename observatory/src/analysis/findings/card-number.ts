// Whether digits are the number of a payment card.

/** Beginnings and lengths that the large issuers use (ISO/IEC 7812). */
const ISSUERS: readonly RegExp[] = [
  /^4\d{12}(?:\d{3}(?:\d{3})?)?$/,
  /^5[1-5]\d{14}$/,
  /^2(?:22[1-9]|2[3-9]\d|[3-6]\d{2}|7[01]\d|720)\d{12}$/,
  /^3[47]\d{13}$/,
  /^6(?:011|5\d{2}|4[4-9]\d)\d{12}$/,
  /^3(?:0[0-5]|[68]\d)\d{11}$/,
  /^35(?:2[89]|[3-8]\d)\d{12}$/,
];

/** Luhn's checksum: from the right every second digit counts twice, and the sum ends in 0. */
function hasLuhnSum(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Whether `digits`, nothing but digits, is a card number by issuer, length and checksum. One in ten look-alikes passes. */
export function isCardNumber(digits: string): boolean {
  return ISSUERS.some((issuer) => issuer.test(digits)) && hasLuhnSum(digits);
}
