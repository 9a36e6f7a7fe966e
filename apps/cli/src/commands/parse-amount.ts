import { InvalidArgumentError } from 'commander';

/** A whole number from 1, as commander's argument parser. */
export function parseAmount(text: string): number {
  const amount = Number(text);
  if (!Number.isSafeInteger(amount) || amount < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return amount;
}
