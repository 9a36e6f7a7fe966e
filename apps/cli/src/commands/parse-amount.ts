import { InvalidArgumentError } from 'commander';

/** A whole number from 1, as commander's argument parser. */
export function parseAmount(text: string): number {
  const amount = /^\d+$/.test(text) ? Number(text) : 0;
  if (amount < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  if (!Number.isSafeInteger(amount)) throw new InvalidArgumentError('That is too large.');
  return amount;
}
