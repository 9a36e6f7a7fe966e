import { InvalidArgumentError } from 'commander';

/** A whole number that is not below `least`, as commander's argument parser. */
export const wholeNumberFrom =
  (least: number) =>
  (text: string): number => {
    const amount = /^\d+$/.test(text) ? Number(text) : -1;
    if (amount < least) throw new InvalidArgumentError(`It must be a whole number from ${least}.`);
    if (!Number.isSafeInteger(amount)) throw new InvalidArgumentError('That is too large.');
    return amount;
  };

/** A whole number from 1. */
export const parseAmount = wholeNumberFrom(1);
